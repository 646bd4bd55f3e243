/**
 * The signer's own checks: it parses each request with the strict reader, checks it against the
 * policy that the supervisor has loaded, and relies on nothing that the service says. Every
 * signer's process loads what is imported here, so no external library may be imported.
 *
 * A ceremony makes the first OCSP-signing certificate of a key, on the token itself, and so
 * approves the key. The worker can request new certificates for approved keys, with a frame of its
 * own. No other key gets such a certificate.
 */
import { readCmpSignerCertificate } from '../../src/cmp/signer-certificate.js';
import { present } from '../../src/kernel/assert.js';
import { type Bytes, equalBytes } from '../../src/kernel/bytes.js';
import { formatInstant, type Instant } from '../../src/kernel/clock.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { Finding, LintFailure } from '../../src/lint/rule.js';
import { type DelegatedResponder, readDelegatedResponder } from '../../src/ocsp/responder.js';
import { CEILINGS } from '../../src/policy/ceilings.js';
import { cmpKeyLabel } from '../../src/policy/cmp-keys.js';
import { parseIssuerId } from '../../src/policy/ids.js';
import { HIERARCHIES, type Policy, type Profile } from '../../src/policy/model.js';
import { policyOf } from '../../src/policy/transfer.js';
import type { IssuerId } from '../../src/ports/signer.js';
import { readIssuer } from '../../src/x509/certificate/issuer.js';
import type { Issuer } from '../../src/x509/model.js';
import type { Refusal } from '../wire/answers.js';
import { readCmpAnswer } from '../wire/cmp-answer.js';
import type {
  CheckedCertificate,
  CheckedOcspResponse,
  Checker,
  CheckerConfiguration,
  CrlChecker,
} from './check-port.js';

type Responder = Pick<DelegatedResponder, 'subjectDer' | 'spki' | 'notBefore'> & { readonly label: string };

/**
 * Loading hundreds of rules takes time: each process loads only the rules for what its token signs.
 */
type CaLint = Pick<typeof import('../../src/lint/certificate/lint.js'), 'checkCertificate'> &
  Pick<typeof import('../../src/lint/crl/stream.js'), 'createCrlLint'> &
  Pick<typeof import('../../src/lint/crl/shapes.js'), 'crlShapes'>;
type OcspLint = Pick<typeof import('../../src/lint/ocsp/lint.js'), 'checkOcspResponseData'>;

type CheckerState = {
  readonly policy: Policy;
  readonly hierarchy: string | null;
  readonly clock: () => number;
  /** The CAs whose own keys are on a CA token, or whose responders' keys are on an OCSP token. */
  readonly issuers: ReadonlyMap<IssuerId, Issuer>;
  /** null: the token is not that of a CA. */
  readonly caLint: CaLint | null;
  /** On a CA token: the public keys that may have an OCSP-signing certificate. */
  readonly approvedKeys: ReadonlyMap<IssuerId, readonly Bytes[]>;
  /** On an OCSP token: the responders of each issuer. */
  readonly responders: ReadonlyMap<IssuerId, readonly Responder[]>;
  readonly ocspLint: OcspLint | null;
};

/**
 * Creates the checks of one token. Rejects when the policy or a certificate is not valid for this
 * token; the start then fails.
 */
export async function createChecker(configuration: CheckerConfiguration): Promise<Checker> {
  if (configuration.tokenKind === 'platform') return createPlatformChecker(configuration);
  const policy = policyOf(configuration.policy);
  const { mark } = policy.environment;
  if (mark !== configuration.environmentMark)
    throw new Error(`the policy is for ${mark}, the token for ${configuration.environmentMark}`);
  const issuers = new Map<IssuerId, Issuer>();
  const responders = new Map<IssuerId, readonly Responder[]>();
  const approvedKeys = new Map<IssuerId, readonly Bytes[]>();
  for (const { id, label = id, certificate, authorityCertificate, approvedResponders } of configuration.issuers) {
    const own = configuration.tokenKind === 'ca' ? certificate : authorityCertificate;
    if (own === null || certificate === null) throw new Error(`${id}: a certificate is missing`);
    const issuer = issuerOf({ id, certificate: own }, { policy, hierarchy: configuration.hierarchy });
    issuers.set(id, issuer);
    if (configuration.tokenKind === 'ocsp')
      responders.set(id, [...(responders.get(id) ?? []), { ...responderOf(issuer, certificate), label }]);
    else
      approvedKeys.set(
        id,
        approvedResponders.map((approved) => approvedKeyOf(issuer, approved)),
      );
  }
  const { hierarchy, clock } = configuration;
  const lints = await loadLints(configuration.tokenKind);
  const state: CheckerState = { policy, hierarchy, clock, issuers, approvedKeys, responders, ...lints };
  return {
    certificate: (tbs, profile, issuer) => checkTbsCertificate(state, { tbs, profile, issuer, holder: 'end-entity' }),
    responderCertificate: (tbs, profile, issuer) =>
      checkTbsCertificate(state, { tbs, profile, issuer, holder: 'responder' }),
    ocsp: (tbs, issuer) => checkResponseData(state, { tbs, issuer }),
    cmpAnswer: () => refuse('kind-not-of-this-token', 'only the platform token signs CMP answers'),
    crl: (issuer) => createCrlChecker(state, issuer),
  };
}

async function loadLints(kind: 'ca' | 'ocsp'): Promise<Pick<CheckerState, 'caLint' | 'ocspLint'>> {
  if (kind === 'ocsp') return { caLint: null, ocspLint: await import('../../src/lint/ocsp/lint.js') };
  const [{ checkCertificate }, { createCrlLint }, { crlShapes }] = await Promise.all([
    import('../../src/lint/certificate/lint.js'),
    import('../../src/lint/crl/stream.js'),
    import('../../src/lint/crl/shapes.js'),
  ]);
  return { caLint: { checkCertificate, createCrlLint, crlShapes }, ocspLint: null };
}

function refuse(rule: string, detail: string): Result<never, Refusal> {
  return err({ rule, detail });
}

/**
 * Makes a refusal from a failed lint. Its rule is the first violated rule; its detail has all
 * findings.
 */
function lintRefusal({ findings }: LintFailure): Result<never, Refusal> {
  return refuse(findings[0]?.rule ?? 'lint', findings.map(({ rule, detail }) => `${rule}: ${detail}`).join('; '));
}

function refusedFor(findings: readonly Finding[], last: Finding): Result<never, Refusal> {
  return lintRefusal({ kind: 'lint-failed', findings: findings.length === 0 ? [last] : findings });
}

type TokenScope = { readonly policy: Policy; readonly hierarchy: string | null };

/** Reads the certificate of an issuing authority of this token's hierarchy. */
function issuerOf(
  { id, certificate }: { readonly id: IssuerId; readonly certificate: Bytes },
  { policy, hierarchy }: TokenScope,
): Issuer {
  const parsed = parseIssuerId(id);
  const authority = parsed.ok ? policy.authorities.get(parsed.value.authority) : undefined;
  if (!parsed.ok || authority === undefined) throw new Error(`${id}: the policy has no such authority`);
  if (authority.hierarchy !== hierarchy || authority.kind !== 'issuing')
    throw new Error(`${id}: not an issuing authority of the hierarchy ${hierarchy}`);
  const { generation } = parsed.value;
  const { kind } = authority;
  const read = readIssuer({ id, authority: authority.id, generation, hierarchy, kind, certificate });
  if (!read.ok) throw new Error(`${id}: its certificate cannot be used (${read.error.rule})`);
  return read.value;
}

function responderOf(issuer: Issuer, certificate: Bytes): Omit<Responder, 'label'> {
  const read = readDelegatedResponder(issuer, certificate);
  if (!read.ok) throw new Error(`${issuer.id}: its responder's certificate cannot be used (${read.error.rule})`);
  return read.value;
}

type ApprovedResponder = CheckerConfiguration['issuers'][number]['approvedResponders'][number];

/**
 * Returns the public key of an OCSP-signing certificate that the CA's own key has signed: in a
 * ceremony, or in this signer for a key that a ceremony had certified. An expired certificate still
 * approves its key.
 */
function approvedKeyOf(issuer: Issuer, { file, certificate }: ApprovedResponder): Bytes {
  const read = readDelegatedResponder(issuer, certificate);
  if (read.ok) return read.value.spki;
  throw new Error(`${issuer.id}: ${file} is not a certificate of a responder of this authority (${read.error.rule})`);
}

type TbsToCheck = { readonly tbs: Bytes; readonly issuer: IssuerId };

type CertificateToCheck = TbsToCheck & { readonly profile: string; readonly holder: 'end-entity' | 'responder' };

function checkTbsCertificate(state: CheckerState, request: CertificateToCheck): Result<CheckedCertificate, Refusal> {
  const { policy, hierarchy, clock, issuers, caLint } = state;
  const { tbs, profile: id, issuer: issuerId } = request;
  const issuer = issuers.get(issuerId);
  if (issuer === undefined || caLint === null)
    return refuse('issuer-unknown', `no certificate of ${issuerId} was read`);
  const profile = policy.profiles.get(id);
  if (profile === undefined) return refuse('profile-unknown', `the policy has no profile ${id.slice(0, 80)}`);
  const foreign = refuseProfile(profile, hierarchy, issuer) ?? refuseHolder(profile, request.holder);
  if (foreign !== null) return err(foreign);
  const { environment } = policy;
  const checked = caLint.checkCertificate({ tbs, issuer, profile, environment, now: clock() });
  if (!checked.ok) return lintRefusal(checked.error);
  const { serial, spki } = checked.value.tbs;
  const isApproved = state.approvedKeys.get(issuerId)?.some((key) => equalBytes(key, spki)) === true;
  if (request.holder === 'responder' && !isApproved)
    return refuse('responder-key-not-approved', `no ceremony has certified this key of a responder of ${issuerId}`);
  return ok({ serial, perHourMax: profile.certificatesPerHourMax ?? environment.certificatesPerHourMax });
}

function refuseProfile(profile: Profile, hierarchy: string | null, issuer: Issuer): Refusal | null {
  if (profile.hierarchy !== hierarchy)
    return { rule: 'profile-of-another-hierarchy', detail: `${profile.id} is not of the hierarchy ${hierarchy}` };
  if (profile.authority !== issuer.authority)
    return { rule: 'profile-of-another-authority', detail: `${profile.id} is issued by ${profile.authority}` };
  return null;
}

/**
 * Refuses a profile that does not fit the request. Certificates of responders are requested with a
 * frame of their own, which only the worker may send. Certificates of CMP signers are signed in
 * ceremonies only.
 */
function refuseHolder({ id, holder, ocspNoCheck }: Profile, requested: CertificateToCheck['holder']): Refusal | null {
  if (holder === 'cmp-signer') return { rule: 'profile-of-ceremonies', detail: `${id} is for ceremonies alone` };
  const isResponder = holder === 'responder' || ocspNoCheck;
  if (isResponder && requested !== 'responder')
    return { rule: 'profile-of-responders', detail: `${id} needs a request for a responder's certificate` };
  if (!isResponder && requested === 'responder')
    return { rule: 'profile-not-of-responders', detail: `${id} is not a profile of responders` };
  return null;
}

function checkResponseData(
  { policy, clock, issuers, responders, ocspLint }: CheckerState,
  { tbs, issuer: id }: TbsToCheck,
): Result<CheckedOcspResponse, Refusal> {
  const issuer = issuers.get(id);
  const ofIssuer = responders.get(id);
  if (issuer === undefined || ofIssuer === undefined || ocspLint === null)
    return refuse('issuer-unknown', `no responder of ${id} is on this token`);
  const { lifeMs: lifeMsMax } = policy.environment.ocspAnswers;
  const checked = ocspLint.checkOcspResponseData({ issuer, responder: ofIssuer, lifeMsMax }, tbs);
  if (!checked.ok) return lintRefusal(checked.error);
  const { producedAt, responses, responder } = checked.value;
  const named = present(
    ofIssuer.find((one) => one === responder),
    'the responder that the lint has returned',
  );
  const times = [producedAt, ...responses.map(({ thisUpdate }) => thisUpdate)];
  const wrong = refuseOcspTimes(times, named, clock());
  if (wrong !== null) return err(wrong);
  return ok({ responses: responses.length, key: named.label });
}

/**
 * Refuses a response that does not state the present status. A response from the past could say
 * `good` of a certificate that was revoked since, and no client accepts one from before the
 * validity of the responder's certificate. nextUpdate needs no check here, because the lint limits
 * the time from thisUpdate to nextUpdate.
 */
function refuseOcspTimes(times: readonly Instant[], { notBefore }: Responder, now: Instant): Refusal | null {
  const [earliest, latest] = [Math.min(...times), Math.max(...times)];
  if (earliest < now - CEILINGS.backdatingMsMax)
    return wrongTime('ocsp-not-from-the-past', earliest, `the present time is ${formatInstant(now)}`);
  if (earliest < notBefore)
    return wrongTime(
      'ocsp-not-before-its-certificate',
      earliest,
      `its certificate begins at ${formatInstant(notBefore)}`,
    );
  return refuseFuture('ocsp-not-from-the-future', latest, now);
}

function createCrlChecker({ policy, clock, issuers, caLint }: CheckerState, id: IssuerId): CrlChecker {
  const issuer = issuers.get(id);
  if (issuer === undefined || caLint === null)
    return createRefusingCrlChecker({ rule: 'issuer-unknown', detail: `no certificate of ${id} was read` });
  const shapes = caLint.crlShapes(policy.environment, issuer);
  const lifeMsMax = Math.max(...shapes.map((one) => one.lifeMsMax));
  const lint = caLint.createCrlLint({ issuer, shapes, lifeMsMax });
  return {
    push: (chunk) => {
      const pushed = lint.push(chunk);
      return pushed.ok ? pushed : refusedFor(lint.findings(), pushed.error);
    },
    end: () => {
      const checked = lint.end();
      if (!checked.ok) return refusedFor(lint.findings(), checked.error);
      const { number, scope, base, thisUpdate, entries, removals } = checked.value;
      const early = refuseFuture('crl-not-from-the-future', thisUpdate, clock());
      if (early !== null) return err(early);
      return ok({ number: String(number), scope, base, thisUpdate: formatInstant(thisUpdate), entries, removals });
    },
  };
}

/**
 * Refuses a response or list with a time in the future, which would hide revocations until that
 * time. A small difference between two clocks is allowed.
 */
function refuseFuture(rule: string, at: Instant, now: Instant): Refusal | null {
  if (at <= now + CEILINGS.backdatingMsMax) return null;
  return wrongTime(rule, at, `the present time is ${formatInstant(now)}`);
}

function wrongTime(rule: string, at: Instant, than: string): Refusal {
  return { rule, detail: `its time is ${formatInstant(at)}, ${than}` };
}

function createRefusingCrlChecker(refusal: Refusal): CrlChecker {
  return { push: () => err(refusal), end: () => err(refusal) };
}

const NO_AUTHORITY: Refusal = {
  rule: 'no-authority-on-this-token',
  detail: 'the platform token does not sign for any authority',
};

/**
 * Creates the checks of the platform token. The sender of a CMP answer must be the subject of a
 * certificate of the key that signs it. A certificate that its CA has not signed for CMP answers
 * makes the start fail.
 */
function createPlatformChecker({ policy: document, issuers, clock, environmentMark }: CheckerConfiguration): Checker {
  const policy = policyOf(document);
  if (policy.environment.mark !== environmentMark)
    throw new Error(`the policy is for ${policy.environment.mark}, the token for ${environmentMark}`);
  const senders = new Map<string, readonly Bytes[]>();
  for (const { id, label, certificate, authorityCertificate } of issuers) {
    if (certificate === null || authorityCertificate === null || label === undefined) continue;
    const hierarchy = HIERARCHIES.find((one) => cmpKeyLabel(one) === label);
    if (hierarchy === undefined) throw new Error(`${label}: not the label of a CMP key`);
    const issuer = issuerOf({ id, certificate: authorityCertificate }, { policy, hierarchy });
    const read = readCmpSignerCertificate(issuer, certificate);
    if (!read.ok) throw new Error(`${id}: the certificate of its CMP signer cannot be used (${read.error.rule})`);
    senders.set(label, [...(senders.get(label) ?? []), read.value.tbs.subjectDer]);
  }
  return {
    certificate: () => err(NO_AUTHORITY),
    responderCertificate: () => err(NO_AUTHORITY),
    ocsp: () => err(NO_AUTHORITY),
    cmpAnswer: (part, label) => readCmpAnswer(part, { senders: senders.get(label) ?? [], now: clock() }),
    crl: () => createRefusingCrlChecker(NO_AUTHORITY),
  };
}
