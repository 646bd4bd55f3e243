/** Reads the certificate of a delegated responder of an issuing CA (RFC 6960 4.2.2.2). */
import { OID } from '../asn1/oids.js';
import type { Bytes } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import { err, ok, type Result } from '../kernel/result.js';
import { extensionOf, readCertificate } from '../x509/certificate/certificate-reader.js';
import { isIssuedBy } from '../x509/certificate/issuer.js';
import { readExtendedKeyUsage } from '../x509/extensions/extended-key-usage.js';
import { signatureAlgorithmFor } from '../x509/keys/algorithms.js';
import { keyTypeOf, readPublicKey, subjectKeyIdentifier } from '../x509/keys/public-key.js';
import type { Issuer, KeyType, SignatureAlgorithm, TbsView } from '../x509/model.js';

export type DelegatedResponder = {
  /** DER; included in each response. */
  readonly certificate: Bytes;
  readonly subjectDer: Bytes;
  readonly spki: Bytes;
  /** SHA-1 of the public key, the responder id in its responses (RFC 6960 4.2.1 byKey). */
  readonly keyHash: Bytes;
  readonly keyType: KeyType;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
};

/** An issuer and its delegated responders. */
export type OcspAuthority = {
  readonly issuer: Issuer;
  /**
   * The default responder, for clients that prefer no algorithm or only algorithms that no
   * responder has; null: the CA has no responder.
   */
  readonly responder: DelegatedResponder | null;
  /**
   * Further responders. Each answers clients that prefer its algorithm (`choose-responder.ts`). If
   * the certificate of the default responder is not valid, the first valid one is the default.
   */
  readonly others?: readonly DelegatedResponder[];
};

export function respondersOf({ responder, others = [] }: OcspAuthority): readonly DelegatedResponder[] {
  return responder === null ? [] : [responder, ...others];
}

type ResponderUnusable = {
  readonly kind: 'responder-unusable';
  readonly rule:
    | 'certificate-well-formed'
    | 'issued-by-its-authority'
    | 'key-type-known'
    | 'ocsp-signing-purpose'
    | 'ocsp-nocheck-present';
};

/**
 * Reads the certificate of a responder. It must have been issued by the CA for which the responder
 * answers, and must have a key of a known type, id-kp-OCSPSigning as its only purpose, and
 * ocsp-nocheck. Without ocsp-nocheck, relying parties would have to check the status of this
 * certificate too. The validity period is not checked here, but for each response.
 */
export function readDelegatedResponder(
  issuer: Pick<Issuer, 'subjectDer' | 'spki'>,
  certificate: Bytes,
): Result<DelegatedResponder, ResponderUnusable> {
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

function unusable(rule: ResponderUnusable['rule']): Result<never, ResponderUnusable> {
  return err({ kind: 'responder-unusable', rule });
}

function signsOcspOnly(tbs: TbsView): boolean {
  const extension = extensionOf(tbs, OID.extKeyUsage);
  const purposes = extension === null ? null : readExtendedKeyUsage(extension.value);
  return purposes?.ok === true && purposes.value.length === 1 && purposes.value[0] === 'ocspSigning';
}
