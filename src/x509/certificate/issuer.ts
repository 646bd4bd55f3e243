/** Reads a certification authority of this platform from its certificate. */
import type { DerFailure } from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { readBasicConstraints } from '../extensions/basic-constraints.js';
import { readKeyUsage } from '../extensions/key-usage.js';
import { readSubjectKeyIdentifier } from '../extensions/subject-key-identifier.js';
import { signatureAlgorithmFor, signatureAlgorithmOf, verifySignature } from '../keys/algorithms.js';
import { keyTypeOf, readPublicKey } from '../keys/public-key.js';
import type { CertificateView, Issuer, IssuerCertificate, TbsView } from '../model.js';
import { extensionOf, readCertificate } from './certificate-reader.js';

type IssuerFailure =
  | DerFailure
  | {
      readonly kind: 'issuer-unusable';
      readonly rule:
        | 'key-type-known'
        | 'basic-constraints-of-a-ca'
        | 'key-usage-of-a-ca'
        | 'subject-key-identifier-present'
        | 'root-signs-itself';
    };

type IssuerFacts = Omit<Issuer, keyof IssuerCertificate> & Pick<Issuer, 'certificate'>;

/**
 * Accepts only a certificate that can be an issuer here: a CA by its basic constraints and key
 * usage (RFC 5280 4.2.1.9 and 4.2.1.3), with a key of a known type and a key identifier. A root
 * must have signed itself. The signature of an issuing CA is not verified here, because that needs
 * its root's key.
 */
export function readIssuer(facts: IssuerFacts): Result<Issuer, IssuerFailure> {
  const read = readCertificate(facts.certificate);
  if (!read.ok) return read;
  const issuer = issuerOf(read.value);
  if (!issuer.ok) return issuer;
  if (facts.kind === 'root' && !isSelfSigned(read.value)) return unusable('root-signs-itself');
  return ok({ ...facts, ...issuer.value });
}

/** As `readIssuer`, for a certificate of any authority. */
export function issuerOf(view: CertificateView): Result<IssuerCertificate, IssuerFailure> {
  const { tbs } = view;
  const key = readPublicKey(tbs.spki);
  const keyType = key.ok ? keyTypeOf(key.value) : null;
  if (keyType === null) return unusable('key-type-known');
  if (!isCa(tbs)) return unusable('basic-constraints-of-a-ca');
  if (!signsCertificatesAndCrls(tbs)) return unusable('key-usage-of-a-ca');
  const identifier = keyIdentifier(tbs);
  if (identifier === null) return unusable('subject-key-identifier-present');
  return ok(issuerCertificate(view, { keyType, subjectKeyIdentifier: identifier }));
}

/** The part of a certificate that issuing needs, with what its reader found out about the key. */
export function issuerCertificate(
  { der, tbs }: CertificateView,
  { keyType, subjectKeyIdentifier }: Pick<IssuerCertificate, 'keyType' | 'subjectKeyIdentifier'>,
): IssuerCertificate {
  return {
    certificate: der,
    subjectDer: tbs.subjectDer,
    subject: tbs.subject,
    spki: tbs.spki,
    keyType,
    signatureAlgorithm: signatureAlgorithmFor(keyType),
    subjectKeyIdentifier,
    notBefore: tbs.notBefore.at,
    notAfter: tbs.notAfter.at,
  };
}

function unusable(rule: Extract<IssuerFailure, { kind: 'issuer-unusable' }>['rule']): Result<never, IssuerFailure> {
  return err({ kind: 'issuer-unusable', rule });
}

function isCa(tbs: TbsView): boolean {
  const extension = extensionOf(tbs, OID.basicConstraints);
  const constraints = extension === null ? null : readBasicConstraints(extension.value);
  return constraints?.ok === true && constraints.value.ca;
}

function signsCertificatesAndCrls(tbs: TbsView): boolean {
  const extension = extensionOf(tbs, OID.keyUsage);
  const usage = extension === null ? null : readKeyUsage(extension.value);
  return usage?.ok === true && usage.value.includes('keyCertSign') && usage.value.includes('cRLSign');
}

function keyIdentifier(tbs: TbsView): Bytes | null {
  const extension = extensionOf(tbs, OID.subjectKeyIdentifier);
  const identifier = extension === null ? null : readSubjectKeyIdentifier(extension.value);
  return identifier?.ok === true ? identifier.value : null;
}

export function isSelfSigned(view: CertificateView): boolean {
  return isIssuedBy(view.tbs, view);
}

/** Whether the name and the signature of a certificate are those of this issuer. */
export function isIssuedBy(
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
