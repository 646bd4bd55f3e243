/**
 * Approvals: actions that wait for a second officer. The statement says all that will be done; what
 * has ended is never rewritten. Times are those of the database.
 */
import type { Bilingual } from '../../../kernel/bilingual.js';
import type { Instant } from '../../../kernel/clock.js';
import type { Json } from '../../../kernel/json.js';

/** All but the first are final. */
export const APPROVAL_STATES = ['requested', 'executed', 'stale', 'refused', 'expired'] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

/**
 * What shows that an officer has agreed. `account`: the client certificate of their account, in the
 * request over mutual TLS.
 */
export const SIGNATURE_FORMS = ['account'] as const;

export type ApprovalSignature = {
  readonly account: string;
  readonly form: (typeof SIGNATURE_FORMS)[number];
  readonly at: Instant;
};

export type Approval = {
  /** UUID of version 7. */
  readonly id: string;
  /** The name of an action of `src/operations/approvals/actions.ts`. */
  readonly action: string;
  /** Names the object of the action, which has one open approval for the action at most. */
  readonly subjectKey: string;
  /** SHA-256 hex of the object at the request; null: the action creates it. */
  readonly version: string | null;
  /** The account of the officer who requested it, which is the first signature. */
  readonly requestedBy: string;
  readonly requestedAt: Instant;
  readonly expiresAt: Instant;
  readonly state: ApprovalState;
  /** null: it is open. */
  readonly endedAt: Instant | null;
  /**
   * Why it was refused, in the words of the officer, or is stale, in both languages; null in the
   * other states.
   */
  readonly reason: string | Bilingual | null;
  /** What the execution has made; null: nothing that needs a name. */
  readonly result: Json;
  /** Canonical JSON (RFC 8785), as it was stored. */
  readonly statement: string;
  /** The requester first. */
  readonly signatures: readonly ApprovalSignature[];
};

export type ApprovalEnd = Pick<Approval, 'reason' | 'result'> & {
  readonly state: Exclude<ApprovalState, 'requested'>;
  readonly endedAt: Instant;
};

/** Open approvals of one action and one requester. */
export type OpenApprovals = { readonly action: string; readonly requestedBy: string; readonly count: number };

export type ApprovalReads = {
  readonly approval: (id: string) => Promise<Approval | null>;
  /** The open approval of this action on this object. */
  readonly openApproval: (of: Pick<Approval, 'action' | 'subjectKey'>) => Promise<Approval | null>;
  /** Newest first. `before`: only approvals with a lower id; null: from the newest on. */
  readonly approvalsPage: (page: {
    readonly state: ApprovalState | undefined;
    readonly limit: number;
    readonly before: string | null;
  }) => Promise<readonly Approval[]>;
  readonly countOpenApprovals: () => Promise<readonly OpenApprovals[]>;
  /** Open approvals whose end has passed. */
  readonly approvalsPastEnd: (now: Instant, limit: number) => Promise<readonly Approval[]>;
};

export type ApprovalWrites = {
  /** Inserts an open approval with its signatures. */
  readonly insertApproval: (approval: Approval) => Promise<void>;
  /** A second signature of one account is a bug of the caller, and fails. */
  readonly signApproval: (id: string, signature: ApprovalSignature) => Promise<void>;
  /** To end an approval that is not open is a bug of the caller, and fails. */
  readonly endApproval: (id: string, end: ApprovalEnd) => Promise<void>;
};
