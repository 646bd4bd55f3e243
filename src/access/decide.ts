/** Whether an account may do something with a certificate. It is decided anew for every request. */
import { err, ok, type Result } from '../kernel/result.js';
import type { Account, AccountScope } from '../ports/store/accounts.js';
import type { CertificateRecord } from '../ports/store/certificates.js';
import type { RevocationReason } from '../ports/store/statuses.js';
import { type Fault, fault } from '../texts/text.js';
import { type Action, isRole, REVOCATION_REASONS, ROLES } from './roles.js';

/**
 * The scope of an account. Searches apply the same rules in the database
 * (`src/db/tables/search.ts`).
 */

/**
 * What a scope is compared with. null: it does not apply; a professional, for example, has no
 * structure.
 */
export type AccessSubject = {
  readonly profile: string | null;
  readonly structureId: string | null;
  /** DNS names and domains of e-mail addresses. Each of them has to be in scope. */
  readonly domains: readonly string[];
  /** The IdNat of a person, or the corresponding id of an organisation or a server. */
  readonly holderId: string;
};

type ScopeRule = 'profile-in-scope' | 'structure-in-scope' | 'domain-in-scope' | 'holder-in-scope';

/** Returns the first rule that the subject breaks, or null. */
export function outOfScope(scope: AccountScope, subject: AccessSubject): ScopeRule | null {
  const { profile, structureId, domains, holderId } = subject;
  if (profile !== null && !profileInScope(scope.profiles, profile)) return 'profile-in-scope';
  if (structureId !== null && !structureInScope(scope, structureId)) return 'structure-in-scope';
  if (!domains.every((domain) => domainInScope(scope.domains, domain))) return 'domain-in-scope';
  if (!holderInScope(scope.holders, holderId)) return 'holder-in-scope';
  return null;
}

/** Whether the scope covers everything. */
export function isUnlimited(scope: AccountScope): boolean {
  // This includes lists that are added to the type later.
  return Object.values(scope).every((list) => list.includes('*'));
}

export function structureInScope({ structures }: AccountScope, id: string): boolean {
  return includes(structures, id);
}

/** Matches `*`, the whole hierarchy `fort/*`, or the profile itself. */
export function profileInScope(profiles: readonly string[], profile: string): boolean {
  return includes(profiles, profile) || profiles.includes(`${profile.split('/')[0]}/*`);
}

/** Matches `*`, the id itself, or a prefix of it followed by `*`: `8*`, `30B0057881/*`. */
function holderInScope(holders: readonly string[], id: string): boolean {
  return holders.some((one) => (one.endsWith('*') ? id.startsWith(one.slice(0, -1)) : id === one));
}

/**
 * Matches `*`, the domain itself, or a name under it: `example.org` covers `lps.example.org`, not
 * `badexample.org`.
 */
function domainInScope(domains: readonly string[], name: string): boolean {
  const lower = name.toLowerCase();
  return domains.some((domain) => domain === '*' || isUnder(lower, domain.toLowerCase()));
}

function isUnder(name: string, domain: string): boolean {
  return domain !== '' && (name === domain || name.endsWith(`.${domain}`));
}

function includes(list: readonly string[], id: string): boolean {
  return list.includes('*') || list.includes(id);
}

/**
 * DNS names and e-mail domains of a server, in lower case; empty for every other kind of holder.
 */
export function domainsOf(holder: unknown): readonly string[] {
  if (typeof holder !== 'object' || holder === null) return [];
  const names = 'names' in holder ? texts(holder.names) : [];
  const emails = 'emails' in holder ? texts(holder.emails) : [];
  const domains = emails.map((address) => address.slice(address.lastIndexOf('@') + 1));
  return [...new Set([...names, ...domains].map((name) => name.toLowerCase()))];
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function subjectOf(
  certificate: Pick<CertificateRecord, 'profile' | 'structureId' | 'holder' | 'holderId'>,
): AccessSubject {
  const { profile, structureId, holder, holderId } = certificate;
  return { profile, structureId, domains: domainsOf(holder), holderId };
}

type NotPermitted = { readonly kind: 'not-permitted' } & Fault;

/**
 * Checks in this order: the account is enabled, one of its roles has the action, its scope covers
 * the subject. A null subject asks about the action alone, because its subject is not known yet or
 * is not a certificate.
 */
export function decideAccess(
  account: Account,
  action: Action,
  subject: AccessSubject | null,
): Result<void, NotPermitted> {
  if (account.disabled) return notPermitted(fault('account-enabled'));
  if (!rolesPermit(account.roles, action)) return notPermitted(fault('role-permits', { action }));
  const broken = subject === null ? null : outOfScope(account.scope, subject);
  return broken === null ? ok(undefined) : notPermitted(fault(broken));
}

export function rolesPermit(roles: readonly string[], action: Action): boolean {
  return roles.some((role) => isRole(role) && ROLES[role].includes(action));
}

/** Whether a role of the account may give this reason for a revocation. */
export function decideReason(account: Account, reason: RevocationReason): Result<void, NotPermitted> {
  if (account.disabled) return notPermitted(fault('account-enabled'));
  const permitted = account.roles.some((role) => isRole(role) && REVOCATION_REASONS[role].includes(reason));
  return permitted ? ok(undefined) : notPermitted(fault('reason-of-the-role', { reason }));
}

export function notPermitted(broken: Fault): Result<never, NotPermitted> {
  return err({ kind: 'not-permitted', ...broken });
}
