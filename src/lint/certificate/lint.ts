/**
 * Lint of certificates before they are signed, and of any certificate that should be one of this
 * platform. Every finding blocks, also a warning.
 */
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Environment, Profile } from '../../policy/model.js';
import type { LintToken } from '../../ports/signer.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import type { CertificateView, Issuer } from '../../x509/model.js';
import { withDummySignature } from '../dummy-signature.js';
import { hasException } from '../exceptions.js';
import { decodeLazily } from '../reading/decoded-extensions.js';
import { readKey } from '../reading/subject-public-key.js';
import { type AnySubject, type LintFailure, type RuleSource, runRules } from '../rule.js';
import { makeLintToken } from '../token.js';
import { CERTIFICATE_RULES } from './lists/platform.js';

/**
 * This rule is in no list, because there is no certificate to check: strict DER (X.690 10 and 11),
 * the structure of RFC 5280 4.1, no extension twice (4.2), and the string types that RFC 5280
 * 4.1.2.4 allows.
 */
export const STRICT_DER = {
  name: 'e_certificate_is_strict_der',
  citation: 'X.690 10 and 11; RFC 5280 4.1 and 4.2',
  effective: '2008-05-01',
} as const satisfies RuleSource;

export type LintContext = {
  /** The generation of the CA that signs. */
  readonly issuer: Issuer;
  readonly profile: Profile;
  readonly environment: Environment;
  /** Present when the certificate is about to be signed: then it must also begin about now. */
  readonly now?: Instant;
};

/** `rule: detail`, one line per finding, for logs and transcripts. */
export function describeFindings({ findings }: LintFailure): readonly string[] {
  return findings.map(({ rule, detail }) => `${rule}: ${detail}`);
}

/** To-be-signed bytes, or a whole certificate. */
export type LintInput = { readonly tbs: Bytes } | { readonly certificate: Bytes };

/** Returns a token for these to-be-signed bytes under `issuer`, or all findings. */
export function lintCertificate(
  given: LintContext & { readonly tbs: Bytes },
): Result<LintToken<'certificate'>, LintFailure> {
  const checked = checkCertificate(given);
  return checked.ok ? ok(makeLintToken('certificate', given.issuer.id, given.tbs)) : checked;
}

/**
 * As `lintCertificate`, without a token: for the signer, which decides for itself, and for people.
 * Returns the decoded certificate.
 */
export function checkCertificate(given: LintContext & LintInput): Result<CertificateView, LintFailure> {
  const { issuer, profile, environment, now } = given;
  const read = readLintInput(given, issuer);
  if (!read.ok) return read;
  const { certificate, extensions, key } = anySubjectOf(read.value);
  // Written out, because a copy by spreading costs more than ten rules.
  const subject = { issuer, environment, now: now ?? null, certificate, extensions, key, profile };
  const found = runRules(CERTIFICATE_RULES, subject);
  if (found.length === 0) return read;
  // Without `now`, the exception must have been in force when the certificate was made.
  const at = now ?? certificate.tbs.notBefore.at;
  const findings = found.filter(({ rule }) => !hasException(environment, { rule, profile: profile.id, at }));
  return findings.length === 0 ? read : err({ kind: 'lint-failed', findings });
}

/**
 * Rules check a whole certificate: to-be-signed bytes get a fixed dummy signature, which no rule
 * reads.
 */
export function readLintInput(input: LintInput, signer: Pick<Issuer, 'keyType'>): Result<CertificateView, LintFailure> {
  const bytes = 'tbs' in input ? input.tbs : input.certificate;
  if (bytes.length > LIMITS.tbsCertificateBytesMax) return notStrict(`${bytes.length} octets`);
  const der = 'tbs' in input ? withDummySignature(input.tbs, signer.keyType) : input.certificate;
  const read = readCertificate(der);
  if (!read.ok) return notStrict(`octet ${read.error.offset}: ${read.error.rule}`);
  // What was decoded must be all that will be signed: further bytes could make the dummy signature
  // a part of the certificate.
  if ('tbs' in input && read.value.tbs.der.length !== input.tbs.length)
    return notStrict('octets after the to-be-signed certificate');
  return read;
}

function notStrict(detail: string): Result<never, LintFailure> {
  return err({ kind: 'lint-failed', findings: [{ rule: STRICT_DER.name, detail }] });
}

/** The parts of any certificate that rules check, each decoded when the first rule needs it. */
export function anySubjectOf(certificate: CertificateView): AnySubject {
  let key: ReturnType<typeof readKey> | null = null;
  return {
    certificate,
    extensions: decodeLazily(certificate.tbs.extensions),
    key: () => {
      key ??= readKey(certificate.tbs.spki);
      return key;
    },
  };
}
