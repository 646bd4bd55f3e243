/**
 * From a request to linted to-be-signed bytes, without side effects. The order matters for
 * security: proof of possession, key strength, policy, encoding, lint by the independent parser.
 * Only a passed lint makes a token.
 */
import type { Bytes } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import { err, ok, type Result } from '../kernel/result.js';
import { lintCertificate } from '../lint/certificate/lint.js';
import type { LintFailure } from '../lint/rule.js';
import type { IssuancePurpose } from '../policy/card-policy.js';
import type { CertificateOrder, Policy } from '../policy/model.js';
import { allowedKeyTypes, type CertificatePlan, planCertificate } from '../policy/plan/plan.js';
import type { LintToken } from '../ports/signer.js';
import { type Fault, joined, text, type Violation, violation } from '../texts/text.js';
import { checkPublicKey } from '../x509/keys/key-checks.js';
import { HOLDER_KEY_TYPES, type Issuer, type TbsCertificate } from '../x509/model.js';
import { KEY_UNUSABLE, type RequestFailure, readCertificationRequest } from '../x509/request/certification-request.js';

export type Application = {
  readonly order: CertificateOrder;
  /** PKCS#10, PEM. */
  readonly csr: string;
  /** Position of the request in the body, as a JSON pointer prefix: empty, or `/requests/0`. */
  readonly pointer: string;
};

export type Rejection =
  | { readonly kind: 'policy-violated'; readonly violations: readonly Violation[] }
  | { readonly kind: 'key-rejected'; readonly violations: readonly Violation[] }
  | { readonly kind: 'proof-of-possession-failed'; readonly violations: readonly Violation[] };

/** A checked request, before a serial number is used for it. */
export type VettedRequest = { readonly plan: CertificatePlan; readonly spki: Bytes };

export type PreparedCertificate = VettedRequest & {
  readonly serial: Bytes;
  readonly tbs: Bytes;
  readonly token: LintToken<'certificate'>;
};

type Context = { readonly policy: Policy; readonly issuer: Issuer; readonly now: Instant };

export async function vet(
  application: Application,
  { policy, issuer, purpose = 'issue', now }: Context & { readonly purpose?: IssuancePurpose },
): Promise<Result<VettedRequest, Rejection>> {
  const { order, csr, pointer } = application;
  const request = await readCertificationRequest(csr);
  const profile = policy.profiles.get(order.profile);
  if (!request.ok) {
    const { rule, message } = request.error;
    const weak = weaknessBehind(request.error);
    if (weak.length > 0) return rejectKey(pointer, weak);
    // A key that cannot verify anything is rejected like a weak key, because another signature
    // would not help.
    if (rule !== KEY_UNUSABLE)
      return err({ kind: 'proof-of-possession-failed', violations: [{ pointer: `${pointer}/csr`, rule, message }] });
    const allowed = profile === undefined ? [] : allowedKeyTypes(policy, profile, now);
    const hints = allowed.length === 0 ? [] : [text('hint/key-types', { types: allowed })];
    return rejectKey(pointer, [{ rule, message: joined([message, ...hints]) }]);
  }
  const { spki } = request.value;
  if (profile === undefined) {
    const unknown = violation(`${pointer}/profile`, 'profile-known', { profile: order.profile });
    return err({ kind: 'policy-violated', violations: [unknown] });
  }
  const weaknesses = checkPublicKey(spki, allowedKeyTypes(policy, profile, now));
  if (weaknesses.length > 0) return rejectKey(pointer, weaknesses);
  const plan = planCertificate(policy, { order, spki, issuer, purpose, now });
  if (!plan.ok) {
    const violations = plan.error.map((one) => ({ ...one, pointer: placeInBody(pointer, one.pointer) }));
    return err({ kind: 'policy-violated', violations });
  }
  return ok({ plan: plan.value, spki });
}

/**
 * With some broken keys, such as one with an even modulus, OpenSSL verifies no signature. The key
 * is then the fault, and another signature would not help.
 */
function weaknessBehind(failure: RequestFailure): readonly Fault[] {
  if (failure.kind === 'request-malformed' || failure.rule !== 'request-signature-verifies') return [];
  return checkPublicKey(failure.spki, HOLDER_KEY_TYPES).filter(({ rule }) => rule !== 'key-type-allowed');
}

function rejectKey(pointer: string, weaknesses: readonly Fault[]): Result<never, Rejection> {
  const violations = weaknesses.map((weakness) => ({ pointer: `${pointer}/csr`, ...weakness }));
  return err({ kind: 'key-rejected', violations });
}

/**
 * In the request of a card, `holder`, `card` and `identity` appear once, outside of the list; the
 * other members are in the item of the list.
 */
function placeInBody(prefix: string, pointer: string): string {
  return /^\/(holder|card|identity)(\/|$)/.test(pointer) ? pointer : `${prefix}${pointer}`;
}

type PreparationContext = Context & { readonly serial: Bytes; readonly write: (content: TbsCertificate) => Bytes };

/** A lint that fails here is a fault of ours, because the request was vetted before. */
export function prepare(
  vetted: VettedRequest,
  { policy, issuer, serial, now, write }: PreparationContext,
): Result<PreparedCertificate, LintFailure> {
  const { plan, spki } = vetted;
  const tbs = write({
    serial,
    signatureAlgorithm: issuer.signatureAlgorithm,
    issuerDer: issuer.subjectDer,
    validity: plan.validity,
    subject: plan.subject,
    spki,
    extensions: plan.extensions,
  });
  const token = lintCertificate({ tbs, issuer, profile: plan.profile, environment: policy.environment, now });
  return token.ok ? ok({ ...vetted, serial, tbs, token: token.value }) : token;
}
