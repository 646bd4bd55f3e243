/**
 * Makes one certificate of a ceremony and reads it back. The order of the checks matters for
 * security: an independent parser lints the to-be-signed bytes, in a certificate with a dummy
 * signature, before the token receives them. The signature is verified before the certificate is
 * written, and the certificate is read again before it is recorded.
 */
import { type Bilingual, untranslated } from '../../../kernel/bilingual.js';
import { type Bytes, equalBytes } from '../../../kernel/bytes.js';
import { formatInstant } from '../../../kernel/clock.js';
import { sha256Hex } from '../../../kernel/digest.js';
import { LIMITS } from '../../../kernel/limits.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import { checkAuthorityCertificate } from '../../../lint/certificate/authority.js';
import { checkLinkCertificate, type LinkLintContext } from '../../../lint/certificate/link.js';
import { checkCertificate, describeFindings, type LintInput } from '../../../lint/certificate/lint.js';
import type { LintFailure } from '../../../lint/rule.js';
import type { Policy, Profile } from '../../../policy/model.js';
import type { AuthorityPlan } from '../../../policy/plan/authority-plan.js';
import type { IssuerId } from '../../../ports/signer.js';
import { readCertificate } from '../../../x509/certificate/certificate-reader.js';
import { assembleCertificate, encodeTbs } from '../../../x509/certificate/certificate-writer.js';
import { serialFrom } from '../../../x509/certificate/serial-number.js';
import { signatureAlgorithmFor, signatureAlgorithmOf, verifySignature } from '../../../x509/keys/algorithms.js';
import type { CertificateView, Issuer, KeyType, TbsCertificate } from '../../../x509/model.js';
import { type StepFailure, wrongFile } from '../../failures.js';
import type { CeremonyStep } from '../../plan/model.js';
import { certificateLines } from '../../sitting/read-aloud.js';
import type { ScreenLine } from '../../sitting/terminal.js';
import type { Entry, Facts, RecordedFile } from '../../transcript/transcript.js';
import type { InputFile, StepContext, StepHandler } from '../kind.js';

/** What is to be certified, by which key, and how the certificate is linted. */
export type Certification = {
  readonly output: string;
  /** The signing key and its token. */
  readonly issuer: { readonly id: IssuerId; readonly token: string; readonly keyType: KeyType; readonly spki: Bytes };
  /**
   * The certified key with its label, and the certification request that contained it, if any. The
   * transcript names the request.
   */
  readonly subject: { readonly key: string; readonly spki: Bytes; readonly request?: RecordedFile };
  readonly tbs: Pick<TbsCertificate, 'issuerDer' | 'validity' | 'subject' | 'extensions'>;
  /** Lines that are shown below the content, about what the certificate is for; left out: none. */
  readonly use?: readonly ScreenLine[];
  /**
   * Lints the certificate, or its to-be-signed bytes. Returns the findings; none: it may be signed.
   */
  readonly lint: (linting: LintInput) => readonly string[];
};

/** Signs and writes the certificate, after its lint has passed and people have confirmed it. */
export async function certify(context: StepContext, what: Certification): Promise<Result<void, StepFailure>> {
  const { output, issuer, subject } = what;
  const signatureAlgorithm = signatureAlgorithmFor(issuer.keyType);
  const serial = serialFrom(context.world.random(LIMITS.serialOctets));
  const tbs = encodeTbs({ ...what.tbs, serial, signatureAlgorithm, spki: subject.spki });
  const findings = what.lint({ tbs });
  if (findings.length > 0) return err({ kind: 'lint-failed', artefact: output, findings });
  const lines = [...certificateLines(output, tbs, issuer.keyType), ...(what.use ?? [])];
  const shown = await context.confirm({ artefact: output, tbs, lines });
  if (!shown.ok) return shown;
  const token = await context.token(issuer.token);
  const signature = await token.sign(issuer.id, issuer.keyType, tbs);
  if (!verifySignature({ spki: issuer.spki, algorithm: signatureAlgorithm, data: tbs, signature }))
    return err({ kind: 'token-trouble', detail: signatureFails(output) });
  await context.world.files.create(output, assembleCertificate(tbs, signatureAlgorithm, signature));
  return ok(undefined);
}

function signatureFails(output: string): Bilingual {
  return {
    fr: `la signature de ${output} par le jeton n'est pas valide`,
    en: `the token's signature over ${output} does not verify`,
  };
}

/** Checks an existing certificate against `what`, and returns its facts for the transcript. */
export function checkExistingCertificate(what: Omit<Certification, 'tbs'>, der: Bytes): Result<Facts, StepFailure> {
  const { output, issuer, subject } = what;
  const { request } = subject;
  const wrong = (detail: Bilingual) => wrongFile(output, detail);
  const read = readCertificate(der);
  if (!read.ok) return wrong(untranslated(`octet ${read.error.offset}: ${read.error.rule}`));
  const { tbs } = read.value;
  if (!equalBytes(tbs.spki, subject.spki))
    return wrong({
      fr: `ne correspond pas à la clé ${subject.key} de son jeton`,
      en: `not for the key ${subject.key} on its token`,
    });
  if (!isSignedBy(read.value, issuer.spki))
    return wrong({ fr: `n'est pas signé par la clé de ${issuer.id}`, en: `not signed with the key of ${issuer.id}` });
  const findings = what.lint({ certificate: der });
  if (findings.length > 0) return wrong(untranslated(findings.join('; ')));
  return ok({
    artefact: output,
    sha256: sha256Hex(der),
    issuer: issuer.id,
    token: issuer.token,
    key: subject.key,
    publicKeySha256: sha256Hex(tbs.spki),
    serial: tbs.serial,
    notBefore: formatInstant(tbs.notBefore.at),
    notAfter: formatInstant(tbs.notAfter.at),
    lint: 'passed',
    ...(request === undefined ? {} : { request: request.path, files: { [request.path]: request.sha256 } }),
  });
}

export function isSignedBy({ tbs, signatureAlgorithmDer, signature }: CertificateView, spki: Bytes): boolean {
  const algorithm = signatureAlgorithmOf(signatureAlgorithmDer);
  return algorithm !== null && verifySignature({ spki, algorithm, data: tbs.der, signature });
}

/**
 * Returns `find` and `make` of a step whose result is one certificate; both use the same
 * description of it.
 */
export function certifyingStep<Step extends CeremonyStep & { readonly output: string }>(
  certification: (context: StepContext, step: Step) => Promise<Result<Certification, StepFailure>>,
): StepHandler<Step> {
  return {
    async find(context, step) {
      const der = await context.world.files.read(step.output);
      if (der === null) return ok(null);
      const what = await certification(context, step);
      return what.ok ? checkExistingCertificate(what.value, der) : what;
    },
    async make(context, step) {
      const what = await certification(context, step);
      return what.ok ? certify(context, what.value) : what;
    },
  };
}

/**
 * Returns the certification request that the line names, if any; the certified key has signed it.
 */
export function requestInput({ result: { request } }: Entry): readonly InputFile[] {
  return typeof request === 'string' ? [{ path: request, signedBy: 'other' }] : [];
}

/**
 * Lints the certificates of a ceremony with the parser of the lint, and returns the findings as
 * lines for people.
 */

/** Lints the certificate of an authority. `issuer` is null for a root, which signs itself. */
export function authorityFindings(
  policy: Policy,
  { authority, generation }: Pick<AuthorityPlan, 'authority' | 'generation'>,
  input: LintInput & { readonly issuer: Issuer | null },
): readonly string[] {
  return findingsOf(checkAuthorityCertificate({ ...input, authority, generation, policy }));
}

/** Lints a link certificate between two generations of a root. */
export function linkFindings(input: LintInput & LinkLintContext): readonly string[] {
  return findingsOf(checkLinkCertificate(input));
}

/** Lints an end-entity certificate of a profile. */
export function profileFindings(
  { environment }: Policy,
  profile: Profile,
  input: LintInput & { readonly issuer: Issuer },
): readonly string[] {
  return findingsOf(checkCertificate({ ...input, profile, environment }));
}

function findingsOf(checked: Result<unknown, LintFailure>): readonly string[] {
  return checked.ok ? [] : describeFindings(checked.error);
}
