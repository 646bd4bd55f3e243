/**
 * Writes the annex of one certificate: its content, in the words in which the screen shows
 * certificates before they are signed, and the SHA-256 of the certificate.
 */
import { inBothLanguages } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { certificateRows, labelled } from '../sitting/read-aloud.js';

export function certificateAnnex(der: Bytes): readonly string[] {
  const read = readCertificate(der);
  if (!read.ok) return [read.error.rule];
  // The row with the type of the signing key is left out: it cannot be read from a certificate.
  const rows = certificateRows(read.value.tbs.der, { signsWith: null, wording: inBothLanguages });
  return [
    ...rows.map(({ label, value }) => labelled(label, label, value)),
    labelled('empreinte SHA-256', 'SHA-256 hash', sha256Hex(der)),
  ];
}
