/** The protection certificate of a message with a signature (RFC 9483 3.3). */
import { OID } from '../../../asn1/oids.js';
import { type Bytes, equalBytes } from '../../../kernel/bytes.js';
import { memoize } from '../../../kernel/memoize.js';
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

type CertificateSources = {
  /** The protections of the transaction; empty for a first message. */
  readonly begun: readonly TransactionProtection[];
  /** What was read of these octets before; null: nothing. */
  readonly readBefore: (der: Bytes) => CertificateView | null;
};

/**
 * The first certificate of extraCerts. Later messages of a transaction may omit it; then it is the
 * one with which the transaction began.
 */
export function protectionCertificate(
  { header, extraCerts }: Pick<PkiMessage, 'header' | 'extraCerts'>,
  { begun, readBefore }: CertificateSources,
): ProtectionCertificate {
  const readOne = (der: Bytes): ReadableCertificate | null => {
    const view = readBefore(der) ?? readNow(der);
    return view === null ? null : { view, keyIdentifier: keyIdentifierOf(view) };
  };
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

function readNow(der: Bytes): CertificateView | null {
  const read = readCertificate(der);
  return read.ok ? read.value : null;
}

const keyIdentifierOf = memoize(({ tbs }: CertificateView): Bytes | null => {
  const extension = extensionOf(tbs, OID.subjectKeyIdentifier);
  const identifier = extension === null ? null : readSubjectKeyIdentifier(extension.value);
  return identifier?.ok === true ? identifier.value : null;
});
