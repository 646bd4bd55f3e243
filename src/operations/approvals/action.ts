/**
 * What an action that needs two officers consists of. Each action is one value in one file, and one
 * line of the table in `actions.ts`; a route asks for it by `requestApproval`.
 */
import { type AccessSubject, decideAccess, isUnlimited } from '../../access/decide.js';
import type { Action } from '../../access/roles.js';
import type { ApprovalSubject } from '../../approvals/statement.js';
import type { Instant } from '../../kernel/clock.js';
import type { Json } from '../../kernel/json.js';
import { err, type Result } from '../../kernel/result.js';
import type { IssuerId } from '../../ports/signer.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Transaction } from '../../ports/store.js';
import { fault } from '../../texts/text.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';

/** Why an action is not possible in the present state of its object. */
export type ActionFailure = Extract<OperationFailure, { readonly kind: 'not-found' | 'state-conflict' }>;

export type ApprovalAction<Subject extends ApprovalSubject> = {
  /** The name in statements, rows, entries and metrics. */
  readonly name: string;
  /** The action that both officers must be permitted, besides `approve`. */
  readonly needs: Action;
  /** What the scope of both officers has to cover; `everything`: it must have no limits. */
  readonly about: (subject: Subject) => AccessSubject | 'everything';
  /** The id of the account that it changes: the officer of this account does not sign for it. */
  readonly changedAccount?: (subject: Subject) => string;
  /** Names the object, for example by its id: 300 characters at most. */
  readonly keyOf: (subject: Subject) => string;
  /**
   * Checks that the action is possible, and writes nothing. It is called for the request, and again
   * in the transaction of the second signature.
   */
  readonly prepare: (world: World, tx: Transaction, subject: Subject) => Promise<Result<PreparedAction, ActionFailure>>;
};

type PreparedAction = {
  /**
   * What the officers have decided about: the stored columns of the object that must not change
   * before the execution. null: the action creates it.
   */
  readonly columns: Json;
  /**
   * What the officers have to know about the object besides the subject, so that nobody agrees to a
   * reference. It becomes part of the statement: 4 KiB at most.
   */
  readonly shown: ApprovalSubject;
  /** Does it, with its audit entries. It cannot be refused any more. */
  readonly execute: (by: ApprovedBy) => Promise<ExecutedAction>;
};

export type ApprovedBy = {
  readonly approval: string;
  /** The requester and the second officer. */
  readonly officers: readonly [string, string];
  /** The time of the database. */
  readonly now: Instant;
  /** The time of the audit entries. */
  readonly at: Instant;
};

export type ExecutedAction = {
  /** Shown with the approval; null: nothing. Without personal data. */
  readonly result: Json;
  /** Certificates whose statuses have changed; they are published after the commit. */
  readonly changed: readonly { readonly issuer: IssuerId; readonly serial: string }[];
};

/** Whether an officer may request, approve or refuse this action on this subject. */
export function mayDecide<Subject extends ApprovalSubject>(
  account: Account,
  action: ApprovalAction<Subject>,
  subject: Subject,
): Result<void, Extract<OperationFailure, { readonly kind: 'not-permitted' }>> {
  const approves = decideAccess(account, 'approve', null);
  if (!approves.ok) return approves;
  if (action.changedAccount?.(subject) === account.id)
    return err({ kind: 'not-permitted', ...fault('approval-own-account', { id: account.id }) });
  const about = action.about(subject);
  if (about !== 'everything') return decideAccess(account, action.needs, about);
  if (!isUnlimited(account.scope)) return err({ kind: 'not-permitted', ...fault('scope-unlimited') });
  return decideAccess(account, action.needs, null);
}
