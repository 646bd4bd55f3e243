/** The delegated responder of an issuing CA (RFC 6960 4.2.2.2), from its certificate. */
import { OID } from '../asn1/oids.js';
import { type Bytes, equalBytes } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import { err, ok, type Result } from '../kernel/result.js';
import { extensionOf, readCertificate } from '../x509/certificate/certificate-reader.js';
import { readExtendedKeyUsage } from '../x509/extensions/extended-key-usage.js';
import { signatureAlgorithmFor, signatureAlgorithmOf, verifySignature } from '../x509/keys/algorithms.js';
import { keyTypeOf, readPublicKey, subjectKeyIdentifier } from '../x509/keys/public-key.js';
import type { CertificateView, Issuer, KeyType, SignatureAlgorithm, TbsView } from '../x509/model.js';

export type DelegatedResponder = {
  /** DER; sent with each answer. */
  readonly certificate: Bytes;
  readonly subjectDer: Bytes;
  readonly spki: Bytes;
  /** SHA-1 of the public key (RFC 6960 4.2.1 byKey), by which the answers name it. */
  readonly keyHash: Bytes;
  readonly keyType: KeyType;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
};

/** An issuer and who answers for it. */
export type OcspAuthority = {
  readonly issuer: Issuer;
  /** Answers whoever says nothing of algorithms; null where OCSP is not served (roots), or the responder's ceremony was not held. */
  readonly responder: DelegatedResponder | null;
  /** Answer who prefers the algorithm of one of them (`choose-responder.ts`). */
  readonly others?: readonly DelegatedResponder[];
};

export function respondersOf({ responder, others = [] }: OcspAuthority): readonly DelegatedResponder[] {
  return responder === null ? [] : [responder, ...others];
}

export type ResponderFailure = {
  readonly kind: 'responder-unusable';
  readonly rule:
    | 'certificate-well-formed'
    | 'issued-by-its-authority'
    | 'key-type-known'
    | 'ocsp-signing-purpose'
    | 'ocsp-nocheck-present';
};

/**
 * Takes only what relying parties take: issued by the very CA that it answers for, with id-kp-OCSPSigning and nothing beside
 * it, and with ocsp-nocheck, without which they would ask it about itself. Whether it is within its time is for each answer.
 */
export function readDelegatedResponder(
  issuer: Pick<Issuer, 'subjectDer' | 'spki'>,
  certificate: Bytes,
): Result<DelegatedResponder, ResponderFailure> {
  const read = readCertificate(certificate);
  if (!read.ok) return unusable('certificate-well-formed');
  if (!isIssuedBy(issuer, read.value)) return unusable('issued-by-its-authority');
  const { tbs } = read.value;
  const key = readPublicKey(tbs.spki);
  const keyType = key.ok ? keyTypeOf(key.value) : null;
  if (keyType === null) return unusable('key-type-known');
  if (!signsOcspOnly(tbs)) return unusable('ocsp-signing-purpose');
  if (extensionOf(tbs, OID.ocspNoCheck) === null) return unusable('ocsp-nocheck-present');
  return ok({
    certificate: read.value.der,
    subjectDer: tbs.subjectDer,
    spki: tbs.spki,
    keyHash: subjectKeyIdentifier(tbs.spki),
    keyType,
    signatureAlgorithm: signatureAlgorithmFor(keyType),
    notBefore: tbs.notBefore.at,
    notAfter: tbs.notAfter.at,
  });
}

function unusable(rule: ResponderFailure['rule']): Result<never, ResponderFailure> {
  return err({ kind: 'responder-unusable', rule });
}

function isIssuedBy(
  issuer: Pick<Issuer, 'subjectDer' | 'spki'>,
  { tbs, signatureAlgorithmDer, signature }: CertificateView,
): boolean {
  const algorithm = signatureAlgorithmOf(signatureAlgorithmDer);
  return (
    algorithm !== null &&
    equalBytes(tbs.issuerDer, issuer.subjectDer) &&
    verifySignature({ spki: issuer.spki, algorithm, data: tbs.der, signature })
  );
}

function signsOcspOnly(tbs: TbsView): boolean {
  const extension = extensionOf(tbs, OID.extKeyUsage);
  const purposes = extension === null ? null : readExtendedKeyUsage(extension.value);
  return purposes?.ok === true && purposes.value.length === 1 && purposes.value[0] === 'ocspSigning';
}
