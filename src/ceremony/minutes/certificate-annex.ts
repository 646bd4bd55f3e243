/**
 * The annex of a certificate: the text that was read aloud before it was signed, and its
 * fingerprint.
 */
import type { Bytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { keyTypeOf, readPublicKey } from '../../x509/keys/public-key.js';
import { certificateLines, labelled } from '../sitting/read-aloud.js';

const FINGERPRINT = 'SHA-256 (certificat / certificate)';

/** The indentation of lines on a screen, which an annex does not need. */
const INDENT = 2;

export function certificateAnnex(der: Bytes): readonly string[] {
  const read = readCertificate(der);
  if (!read.ok) return [read.error.rule];
  const view = readPublicKey(read.value.tbs.spki);
  const keyType = (view.ok ? keyTypeOf(view.value) : null) ?? 'p-256';
  // The first lines apply only before the signature, so they are left out.
  const [, ...lines] = certificateLines('', read.value.tbs.der, keyType);
  const shown = lines.filter((one) => !one.includes('signing key'));
  return [...shown.map((one) => one.slice(INDENT)), labelled(FINGERPRINT, FINGERPRINT, sha256Hex(der))];
}
