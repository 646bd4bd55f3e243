/**
 * A principal asks for something: an account, a certificate that acts for itself, or a
 * registration. A certificate proves its key by TLS, by a signed statement
 * (`src/updates/proof.ts`), by EST or by CMP. Its checks are those of `certificate-checks.ts`; this
 * file says what it may then do, and about what. A registration is proved by its secret
 * (`src/operations/enrolment/registration-secret.ts`).
 */
import { accountActor, certificateActor, registrationActor } from '../audit/actors.js';
import { ok, type Result } from '../kernel/result.js';
import type { Account } from '../ports/store/accounts.js';
import type { CertificateRecord } from '../ports/store/certificates.js';
import type { Registration } from '../ports/store/enrolment/registrations.js';
import type { StoredState } from '../ports/store/statuses.js';
import { type Fault, fault } from '../texts/text.js';
import { type AccessSubject, decideAccess, notPermitted, subjectOf } from './decide.js';
import type { Action } from './roles.js';

export type Principal =
  | { readonly kind: 'account'; readonly account: Account }
  | { readonly kind: 'self'; readonly certificate: SelfCertificate; readonly via: 'tls' | 'statement' | 'est' | 'cmp' }
  | RegistrationPrincipal;

/** What a client certificate proves. */
export type CertifiedPrincipal = Exclude<Principal, RegistrationPrincipal>;

/** `account`: the one that registered it, with the rights that it has now. */
export type RegistrationPrincipal = {
  readonly kind: 'registration';
  readonly registration: Registration;
  readonly account: Account;
};

export type SelfPrincipal = Extract<Principal, { readonly kind: 'self' }>;

/** What a certificate may do for itself, where its profile lists it in `selfService`. */
export const SELF_ACTIONS = [
  'read-self',
  'begin-update',
  'confirm-update',
  'abandon-update',
  'revoke-self',
  'renew-self',
] as const;
export type SelfAction = (typeof SELF_ACTIONS)[number];

/**
 * The reasons that a certificate may give for its own revocation (RFC 5280 5.3.1). `superseded`:
 * for a single certificate only.
 */
export const HOLDER_REASONS = ['keyCompromise', 'cessationOfOperation', 'unspecified', 'superseded'] as const;
export type HolderReason = (typeof HOLDER_REASONS)[number];

/** A certificate that acts for itself. */
export type SelfCertificate = Pick<CertificateRecord, 'id' | 'issuer' | 'serial' | 'profile' | 'cardTokenId'> & {
  /** Whether it is for client authentication; then it can speak for its whole card. */
  readonly isForAuthentication: boolean;
  /** What its profile lists. */
  readonly selfService: readonly SelfAction[];
};

type SelfRow = {
  /** The states of the certificate in which it may do this. */
  readonly states: readonly StoredState['status'][];
  /** Whether it may do this about itself. */
  readonly itself: boolean;
  /** Which certificates of a card may do this about the card and about what is on it. */
  readonly card: 'any' | 'authentication' | 'none';
};

/**
 * The rights of certificates, as a table for auditors. Two situations of updates change the states:
 * see `statesFor`.
 */
export const SELF_RIGHTS: Readonly<Record<SelfAction, SelfRow>> = {
  'read-self': { states: ['issued', 'pending', 'suspended'], itself: true, card: 'any' },
  'begin-update': { states: ['issued'], itself: false, card: 'authentication' },
  'confirm-update': { states: ['pending'], itself: false, card: 'authentication' },
  'abandon-update': { states: ['issued', 'suspended'], itself: false, card: 'authentication' },
  'revoke-self': { states: ['issued', 'pending', 'suspended'], itself: true, card: 'authentication' },
  'renew-self': { states: ['issued'], itself: true, card: 'none' },
};

type UpdateSituation = {
  /** A campaign of the card lets suspended keys begin an update. */
  readonly fromSuspended: boolean;
  /** The update has no new authentication key, so that the present one confirms it. */
  readonly presentKeyConfirms: boolean;
};

const ORDINARY: UpdateSituation = { fromSuspended: false, presentKeyConfirms: false };

/** The states in which a certificate may do this. */
export function statesFor(
  action: SelfAction,
  { fromSuspended, presentKeyConfirms }: UpdateSituation = ORDINARY,
): readonly StoredState['status'][] {
  const { states } = SELF_RIGHTS[action];
  if (action === 'begin-update' && fromSuspended) return [...states, 'suspended'];
  return action === 'confirm-update' && presentKeyConfirms ? ['issued'] : states;
}

/**
 * What a certificate does something about: a certificate (and the card that it is on), or a whole
 * card.
 */
export type SelfSubject = { readonly certificateId: string | null; readonly cardTokenId: string | null };

type PrincipalSubject = AccessSubject & SelfSubject;

type NotPermitted = { readonly kind: 'not-permitted' } & Fault;

/**
 * Whether a principal may do this. A null subject asks about the action alone. No account has the
 * actions of certificates, and no certificate those of accounts. A registration may issue what its
 * account may register; whether a profile is unused is decided where the use is stored.
 */
export function decidePrincipal(
  principal: Principal,
  action: Action | SelfAction,
  subject: PrincipalSubject | null,
): Result<void, NotPermitted> {
  if (principal.kind === 'self')
    return isSelfAction(action)
      ? decideSelf(principal, action, subject)
      : notPermitted(fault('self-service', { action }));
  if (principal.kind === 'registration')
    return action === 'issue'
      ? decideAccess(principal.account, 'register', subject)
      : notPermitted(fault('registration-permits', { action }));
  if (!isSelfAction(action)) return decideAccess(principal.account, action, subject);
  return notPermitted(fault('role-permits', { action }));
}

/** As `decidePrincipal`, for a certificate. */
export function decideSelf(
  { certificate }: SelfPrincipal,
  action: SelfAction,
  subject: SelfSubject | null,
): Result<void, NotPermitted> {
  if (!certificate.selfService.includes(action)) return notPermitted(fault('self-service', { action }));
  if (subject === null) return ok(undefined);
  const { itself, card } = SELF_RIGHTS[action];
  if (itself && subject.certificateId === certificate.id) return ok(undefined);
  const isOfCard = subject.cardTokenId !== null && subject.cardTokenId === certificate.cardTokenId;
  if (!isOfCard || card === 'none') return notPermitted(fault('self-subject'));
  if (card === 'authentication' && !certificate.isForAuthentication)
    return notPermitted(fault('self-subject/authentication'));
  return ok(undefined);
}

function isSelfAction(action: Action | SelfAction): action is SelfAction {
  return (SELF_ACTIONS as readonly string[]).includes(action);
}

export function principalSubjectOf(
  record: Pick<CertificateRecord, 'id' | 'profile' | 'structureId' | 'holder' | 'holderId' | 'cardTokenId'>,
): PrincipalSubject {
  return { ...subjectOf(record), certificateId: record.id, cardTokenId: record.cardTokenId };
}

/** How audit entries and status events name who acted. */
export function actorOf(principal: Principal): string {
  switch (principal.kind) {
    case 'account':
      return accountActor(principal.account.id);
    case 'self':
      return certificateActor(principal.certificate);
    case 'registration':
      return registrationActor(principal.registration.id);
  }
}
