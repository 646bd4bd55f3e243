/**
 * From a request to linted to-be-signed bytes, without side effects. The order matters for
 * security: proof of possession, key strength, policy, encoding, lint by the independent parser.
 * Only a verified proof makes a `ProvenKey`, and only a passed lint a token.
 */
import { joinTexts } from '../kernel/bilingual.js';
import type { Bytes } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import { err, ok, type Result } from '../kernel/result.js';
import { lintCertificate } from '../lint/certificate/lint.js';
import type { LintFailure } from '../lint/rule.js';
import type { IssuancePurpose } from '../policy/card-policy.js';
import { type Modification, outcomeOf } from '../policy/enrolment/outcome.js';
import { extensionViolations } from '../policy/enrolment/requested-extensions.js';
import type { RequestedContent, SourceName } from '../policy/enrolment/sources.js';
import type { CertificateOrder, Policy } from '../policy/model.js';
import { allowedKeyTypes, type CertificatePlan, planCertificate } from '../policy/plan/plan.js';
import type { LintToken } from '../ports/signer.js';
import { type Fault, text, type Violation, violation } from '../texts/text.js';
import { checkPublicKey } from '../x509/keys/key-checks.js';
import { HOLDER_KEY_TYPES, type Issuer, type TbsCertificate } from '../x509/model.js';
import type { ProvenKey } from '../x509/proven-key.js';
import { KEY_UNUSABLE, type RequestFailure, readCertificationRequest } from '../x509/request/certification-request.js';

type PlacedOrder = {
  readonly order: CertificateOrder;
  /** Position of the request in the body, as a JSON pointer prefix: empty, or `/requests/0`. */
  readonly pointer: string;
};

/** `csr`: PKCS#10, PEM, whose proof `proveApplication` verifies. */
export type CsrApplication = PlacedOrder & { readonly csr: string };

/** What EST or CMP has read of a request: the sources of its order, and the requested content. */
export type EnrolmentRequest = {
  readonly protocol: 'est' | 'cmp';
  readonly sources: readonly SourceName[];
  readonly requested: RequestedContent;
};

/**
 * An application whose proof of possession was verified. `enrolment`: it came by EST or CMP; left
 * out: by REST.
 */
type ProvenApplication = PlacedOrder & { readonly key: ProvenKey; readonly enrolment?: EnrolmentRequest };

export type Application = CsrApplication | ProvenApplication;

export type Rejection =
  | { readonly kind: 'policy-violated'; readonly violations: readonly Violation[] }
  | { readonly kind: 'key-rejected'; readonly violations: readonly Violation[] }
  | { readonly kind: 'proof-of-possession-failed'; readonly violations: readonly Violation[] };

/** A checked request, before a serial number is used for it. */
export type VettedRequest = {
  readonly plan: CertificatePlan;
  readonly key: ProvenKey;
  /** What the audit entry says of a request by EST or CMP; left out: another kind of request. */
  readonly enrolment?: EnrolmentFacts;
};

/** `modifications`: how the certificate differs from what was requested, by name. */
export type EnrolmentFacts = Omit<EnrolmentRequest, 'requested'> & { readonly modifications: readonly Modification[] };

export type PreparedCertificate = VettedRequest & {
  readonly serial: Bytes;
  readonly tbs: Bytes;
  readonly token: LintToken<'certificate'>;
};

type Context = { readonly policy: Policy; readonly issuer: Issuer; readonly now: Instant };

/** Verifies the proof of an application that comes with its PKCS#10. */
export async function proveApplication(
  application: Application,
  { policy, now }: Pick<Context, 'policy' | 'now'>,
): Promise<Result<ProvenApplication, Rejection>> {
  if ('key' in application) return ok(application);
  const { order, csr, pointer } = application;
  const request = await readCertificationRequest(csr);
  if (request.ok) return ok({ order, pointer, key: request.value.key });
  return err(proofRejection(request.error, { policy, profile: order.profile, pointer, now }));
}

type RequestPlace = Pick<Context, 'policy' | 'now'> & Pick<Application, 'pointer'> & { readonly profile: string };

/** What is answered when the request for a certificate of this profile could not be verified. */
export function proofRejection(failure: RequestFailure, { policy, profile, pointer, now }: RequestPlace): Rejection {
  const { rule, message } = failure;
  const weak = weaknessBehind(failure);
  if (weak.length > 0) return keyRejection(pointer, weak);
  // A key that cannot verify anything is rejected like a weak key, because another signature would
  // not help.
  if (rule !== KEY_UNUSABLE)
    return { kind: 'proof-of-possession-failed', violations: [{ pointer: `${pointer}/csr`, rule, message }] };
  const known = policy.profiles.get(profile);
  const allowed = known === undefined ? [] : allowedKeyTypes(policy, known, now);
  const hints = allowed.length === 0 ? [] : [text('hint/key-types', { types: allowed })];
  return keyRejection(pointer, [{ rule, message: joinTexts([message, ...hints]) }]);
}

export function vet(
  { order, key, pointer, enrolment }: ProvenApplication,
  { policy, issuer, purpose = 'issue', now }: Context & { readonly purpose?: IssuancePurpose },
): Result<VettedRequest, Rejection> {
  const { spki } = key;
  const profile = policy.profiles.get(order.profile);
  if (profile === undefined) {
    const unknown = violation(`${pointer}/profile`, 'profile-known', { profile: order.profile });
    return err({ kind: 'policy-violated', violations: [unknown] });
  }
  const weaknesses = checkPublicKey(spki, allowedKeyTypes(policy, profile, now));
  if (weaknesses.length > 0) return err(keyRejection(pointer, weaknesses));
  const plan = planCertificate(policy, { order, spki, issuer, purpose, now });
  if (!plan.ok) {
    const violations = plan.error.map((one) => ({ ...one, pointer: placeInBody(pointer, one.pointer) }));
    return err({ kind: 'policy-violated', violations });
  }
  if (enrolment === undefined) return ok({ plan: plan.value, key });
  const { protocol, sources, requested } = enrolment;
  const differing = extensionViolations(plan.value, order.holder, requested.extensions);
  if (differing.length > 0) return err({ kind: 'policy-violated', violations: differing });
  const { modifications } = outcomeOf(requested, plan.value);
  return ok({ plan: plan.value, key, enrolment: { protocol, sources, modifications } });
}

/**
 * With some broken keys, such as one with an even modulus, OpenSSL verifies no signature. The key
 * is then the fault, and another signature would not help.
 */
function weaknessBehind(failure: RequestFailure): readonly Fault[] {
  if (failure.kind === 'request-malformed' || failure.rule !== 'request-signature-verifies') return [];
  return checkPublicKey(failure.spki, HOLDER_KEY_TYPES).filter(({ rule }) => rule !== 'key-type-allowed');
}

function keyRejection(pointer: string, weaknesses: readonly Fault[]): Rejection {
  return {
    kind: 'key-rejected',
    violations: weaknesses.map((weakness) => ({ pointer: `${pointer}/csr`, ...weakness })),
  };
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
  const { plan, key } = vetted;
  const tbs = write({
    serial,
    signatureAlgorithm: issuer.signatureAlgorithm,
    issuerDer: issuer.subjectDer,
    validity: plan.validity,
    subject: plan.subject,
    spki: key.spki,
    extensions: plan.extensions,
  });
  const token = lintCertificate({ tbs, issuer, profile: plan.profile, environment: policy.environment, now });
  return token.ok ? ok({ ...vetted, serial, tbs, token: token.value }) : token;
}
