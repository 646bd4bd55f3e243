/** Whether an account may do something with a certificate. It is decided anew for every request. */
import { err, ok, type Result } from '../kernel/result.js';
import type { Account } from '../ports/store/accounts.js';
import type { RevocationReason } from '../ports/store/statuses.js';
import { type Action, isRole, REVOCATION_REASONS, ROLES } from './roles.js';
import { type AccessSubject, outOfScope, type ScopeRule } from './scope.js';

type NotPermitted = {
  readonly kind: 'not-permitted';
  readonly rule: 'account-enabled' | 'role-permits' | 'reason-of-the-role' | ScopeRule;
  readonly detail: string;
};

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
  if (account.disabled) return refuse('account-enabled', 'this account is disabled');
  const permitted = account.roles.some((role) => isRole(role) && ROLES[role].includes(action));
  if (!permitted) return refuse('role-permits', `no role of this account may ${action}`);
  const broken = subject === null ? null : outOfScope(account.scope, subject);
  return broken === null ? ok(undefined) : refuse(broken, SCOPE_DETAILS[broken]);
}

/** Whether a role of the account may give this reason for a revocation. */
export function decideReason(account: Account, reason: RevocationReason): Result<void, NotPermitted> {
  if (account.disabled) return refuse('account-enabled', 'this account is disabled');
  const permitted = account.roles.some((role) => isRole(role) && REVOCATION_REASONS[role].includes(reason));
  return permitted ? ok(undefined) : refuse('reason-of-the-role', `no role of this account may give ${reason}`);
}

const SCOPE_DETAILS = {
  'profile-in-scope': 'this account may not act for this profile',
  'structure-in-scope': 'this account may not act for this structure',
  'domain-in-scope': 'this account may not act for one of these domains',
  'holder-in-scope': 'this account may not act for this holder',
} as const satisfies Record<ScopeRule, string>;

function refuse(rule: NotPermitted['rule'], detail: string): Result<never, NotPermitted> {
  return err({ kind: 'not-permitted', rule, detail });
}
