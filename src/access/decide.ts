/** Whether an account may do something with a certificate. It is decided anew for every request. */
import { err, ok, type Result } from '../kernel/result.js';
import type { Account } from '../ports/store/accounts.js';
import type { RevocationReason } from '../ports/store/statuses.js';
import { type Fault, fault } from '../texts/text.js';
import { type Action, isRole, REVOCATION_REASONS, ROLES } from './roles.js';
import { type AccessSubject, outOfScope } from './scope.js';

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
