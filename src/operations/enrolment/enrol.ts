/**
 * Issues a certificate for a request of EST or CMP. The protocol has verified the proof of
 * possession and knows who asks. Here it is decided who the holder is; the order that comes of it
 * is then issued as by REST, with all of its checks.
 */
import { decidePrincipal, type Principal } from '../../access/principal.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type HolderSource, orderFrom, type RequestedContent } from '../../policy/enrolment/sources.js';
import type { Card, CertificateOrder, Holder, Identity, Profile } from '../../policy/model.js';
import type { Registration } from '../../ports/store/enrolment/registrations.js';
import type { ClaimRequest } from '../../ports/store/idempotency.js';
import { fault, violation } from '../../texts/text.js';
import type { ProvenRequest } from '../../x509/request/certification-request.js';
import type { RequestedAttributes } from '../../x509/request/requested-attributes.js';
import type { NewCmpIntent } from '../cmp/reserve-transactions.js';
import type { OperationFailure } from '../failures.js';
import { type IssueCommand, issueEnrolled } from '../issuance/issue.js';
import type { EnrolledCertificate } from '../issuance/prepare-intent.js';
import type { World } from '../world.js';

export type EnrolCommand = {
  /** An account or a registration. A certificate that acts for itself renews (`renew-self.ts`). */
  readonly principal: Principal;
  readonly protocol: 'est' | 'cmp';
  /** Id of the profile, which the protocol has found out. */
  readonly profile: string;
  /** The key, proven, and the subject that is asked for. */
  readonly request: Pick<ProvenRequest, 'key' | 'subject'>;
  readonly requested: Pick<RequestedAttributes, 'extensions'>;
  /** The requested validity of a CMP template; left out: that of the profile or registration. */
  readonly validity?: CertificateOrder['validity'];
  /** What makes a repetition of the request the same request. null: the transaction of CMP does. */
  readonly claim: ClaimRequest | null;
  /** The transaction of CMP that asks; left out: another protocol. */
  readonly cmp?: NewCmpIntent;
};

/**
 * Returns the certificate, signed. A repetition under the same claim returns the same record in its
 * present state.
 *
 * Failures are those of `issueCertificates`, and: `policy-violated` with the pointer `/csr` for
 * what the request asks for (rules of `src/texts/enrolment-rules.ts`), `not-permitted` for a
 * request that asks for a right, for a registration that does not have the profile, and for a
 * principal that may not issue.
 */
export async function enrol(
  world: World,
  command: EnrolCommand,
): Promise<Result<EnrolledCertificate, OperationFailure>> {
  const { principal, protocol, claim, request } = command;
  const permitted = decidePrincipal(principal, 'issue', null);
  if (!permitted.ok) return permitted;
  if (principal.kind === 'self') return err({ kind: 'not-permitted', ...fault('self-service', { action: 'issue' }) });
  const profile = openProfile(world, command);
  if (!profile.ok) return profile;
  if (principal.kind === 'registration' && principal.registration.erasedAt !== null)
    return err({ kind: 'state-conflict', ...fault('registration-open', { state: principal.registration.state }) });
  const source = sourceOf(principal);
  const ordered = orderFrom(source, {
    profile: profile.value,
    requested: contentOf(command),
    validity: command.validity ?? validityOf(principal),
  });
  if (!ordered.ok) return ordered;
  const { order, sources, requested } = ordered.value;
  const asked: IssueCommand = {
    account: principal.account,
    applications: [{ order, pointer: '', key: request.key, enrolment: { protocol, sources, requested } }],
    idempotency: claim,
    ...(command.cmp === undefined ? {} : { cmp: command.cmp }),
    ...(principal.kind === 'registration' ? { registration: { id: principal.registration.id, acts: true } } : {}),
  };
  return issueEnrolled(world, asked);
}

function contentOf({ request, requested }: Pick<EnrolCommand, 'request' | 'requested'>): RequestedContent {
  return { subject: request.subject, extensions: requested.extensions };
}

/** The profile exists, the protocol may issue it, and a registration has it. */
export function openProfile(
  { policy }: Pick<World, 'policy'>,
  { principal, protocol, profile: id }: Pick<EnrolCommand, 'principal' | 'protocol' | 'profile'>,
): Result<Profile, OperationFailure> {
  const profile = policy.profiles.get(id);
  if (profile === undefined)
    return err({ kind: 'policy-violated', violations: [violation('/profile', 'profile-known', { profile: id })] });
  if (principal.kind === 'registration' && !principal.registration.uses.some((use) => use.profile === id)) {
    const registered = principal.registration.uses.map((use) => use.profile);
    return err({ kind: 'not-permitted', ...fault('registration-profile', { profile: id, registered }) });
  }
  const { est = false, cmp = 'none' } = profile.enrolment ?? {};
  const isOpen =
    protocol === 'est' ? est : cmp === 'all' || (cmp === 'registration' && principal.kind === 'registration');
  if (isOpen) return ok(profile);
  const closed = violation('/profile', 'enrolment-protocol', { profile: id, protocol: protocol.toUpperCase() });
  return err({ kind: 'policy-violated', violations: [closed] });
}

type EnrollingPrincipal = Exclude<Principal, { readonly kind: 'self' }>;

function sourceOf(principal: EnrollingPrincipal): HolderSource {
  if (principal.kind === 'account') return { kind: 'account', structure: principal.account.structure };
  const { registration } = principal;
  return { kind: 'registration', facts: factsOf(registration), reference: registration.reference };
}

/** Registrations store what the schemas and the policy have accepted, in exactly these shapes. */
function factsOf({ holder, card, identity, keyOrigin }: Registration) {
  return {
    holder: holder as unknown as Holder,
    card: card as unknown as Card | null,
    identity: identity as unknown as Identity | null,
    keyOrigin,
  };
}

function validityOf(principal: EnrollingPrincipal): CertificateOrder['validity'] {
  return principal.kind === 'registration' ? principal.registration.validity : { notBefore: null, notAfter: null };
}
