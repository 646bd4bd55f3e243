/** The protection certificate of a message with a signature (RFC 9483 3.3). */
import { OID } from '../../../asn1/oids.js';
import { type Bytes, equalBytes } from '../../../kernel/bytes.js';
import { extensionOf, readCertificate } from '../../../x509/certificate/certificate-reader.js';
import { readSubjectKeyIdentifier } from '../../../x509/extensions/subject-key-identifier.js';
import type { CertificateView } from '../../../x509/model.js';
import type { PkiMessage } from '../../model.js';
import type { TransactionProtection } from '../world.js';

type ReadableCertificate = {
  readonly view: CertificateView;
  /** null: the certificate has no subjectKeyIdentifier. */
  readonly keyIdentifier: Bytes | null;
};

export type ProtectionCertificate = ReadableCertificate | 'missing' | 'unreadable';

/**
 * The first certificate of extraCerts. Later messages of a transaction may omit it; then it is the
 * one with which the transaction began. `begun`: empty for a first message.
 */
export function protectionCertificate(
  { header, extraCerts }: Pick<PkiMessage, 'header' | 'extraCerts'>,
  begun: readonly TransactionProtection[],
): ProtectionCertificate {
  const [own] = extraCerts;
  if (own !== undefined) return readOne(own) ?? 'unreadable';
  const known = begun.flatMap((one) => (one.kind === 'signature' ? [readOne(one.certificate)] : []));
  const { senderKID } = header;
  const named = known.find((one) => {
    const identifier = one?.keyIdentifier ?? null;
    return senderKID !== null && identifier !== null && equalBytes(identifier, senderKID);
  });
  return named ?? 'missing';
}

function readOne(der: Bytes): ReadableCertificate | null {
  const read = readCertificate(der);
  if (!read.ok) return null;
  const extension = extensionOf(read.value.tbs, OID.subjectKeyIdentifier);
  const identifier = extension === null ? null : readSubjectKeyIdentifier(extension.value);
  return { view: read.value, keyIdentifier: identifier?.ok === true ? identifier.value : null };
}
