/**
 * Certificates of CMP signers (RFC 9810 4.5): a CA certifies the key that signs the CMP answers
 * about its certificates, for the purpose id-kp-cmcCA and for no other.
 */
import { OID } from '../asn1/oids.js';
import type { Bytes } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import { err, ok, type Result } from '../kernel/result.js';
import { extensionOf, readCertificate } from '../x509/certificate/certificate-reader.js';
import { isIssuedBy } from '../x509/certificate/issuer.js';
import { readExtendedKeyUsage } from '../x509/extensions/extended-key-usage.js';
import { readKeyUsage } from '../x509/extensions/key-usage.js';
import { readSubjectKeyIdentifier } from '../x509/extensions/subject-key-identifier.js';
import { keyTypeOf, readPublicKey } from '../x509/keys/public-key.js';
import type { Issuer, TbsView } from '../x509/model.js';

export type CmpSignerCertificate = {
  /** DER. */
  readonly certificate: Bytes;
  readonly tbs: TbsView;
  /** The content of the subjectKeyIdentifier. */
  readonly keyIdentifier: Bytes;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
};

type SignerCertificateFailure = {
  readonly kind: 'cmp-signer-unusable';
  readonly rule:
    | 'certificate-well-formed'
    | 'issued-by-its-authority'
    | 'key-is-p-256'
    | 'digital-signature'
    | 'cmc-ca-purpose'
    | 'subject-key-identifier-present';
};

/** Accepts only a certificate that this CA has signed for CMP answers. */
export function readCmpSignerCertificate(
  issuer: Pick<Issuer, 'subjectDer' | 'spki'>,
  certificate: Bytes,
): Result<CmpSignerCertificate, SignerCertificateFailure> {
  const read = readCertificate(certificate);
  if (!read.ok) return unusable('certificate-well-formed');
  if (!isIssuedBy(issuer, read.value)) return unusable('issued-by-its-authority');
  const { tbs, der } = read.value;
  const key = readPublicKey(tbs.spki);
  if (!key.ok || keyTypeOf(key.value) !== 'p-256') return unusable('key-is-p-256');
  if (!signsOnly(tbs)) return unusable('digital-signature');
  if (!answersOnly(tbs)) return unusable('cmc-ca-purpose');
  const identifier = extensionOf(tbs, OID.subjectKeyIdentifier);
  const keyIdentifier = identifier === null ? null : readSubjectKeyIdentifier(identifier.value);
  if (keyIdentifier?.ok !== true) return unusable('subject-key-identifier-present');
  const [notBefore, notAfter] = [tbs.notBefore.at, tbs.notAfter.at];
  return ok({ certificate: der, tbs, keyIdentifier: keyIdentifier.value, notBefore, notAfter });
}

function unusable(rule: SignerCertificateFailure['rule']): Result<never, SignerCertificateFailure> {
  return err({ kind: 'cmp-signer-unusable', rule });
}

function signsOnly(tbs: TbsView): boolean {
  const extension = extensionOf(tbs, OID.keyUsage);
  const usage = extension === null ? null : readKeyUsage(extension.value);
  return usage?.ok === true && usage.value.join() === 'digitalSignature';
}

function answersOnly(tbs: TbsView): boolean {
  const extension = extensionOf(tbs, OID.extKeyUsage);
  const purposes = extension === null ? null : readExtendedKeyUsage(extension.value);
  return purposes?.ok === true && purposes.value.join() === 'cmcCa';
}
