/**
 * Remote updates of cards, and the statements that cards have signed. Times are those of the
 * database.
 */
import type { Bytes } from '../../../kernel/bytes.js';
import type { Instant } from '../../../kernel/clock.js';

/** States in which something can still happen to an update. */
export const LIVE_UPDATE_STATES = ['issuing', 'offered', 'writing', 'undetermined', 'confirmed'] as const;
export const FINAL_UPDATE_STATES = ['completed', 'abandoned', 'failed', 'ended'] as const;
export const UPDATE_STATES = [...LIVE_UPDATE_STATES, ...FINAL_UPDATE_STATES] as const;
export type UpdateState = (typeof UPDATE_STATES)[number];

/** What happens to the old certificates when the overlap is over. */
export const SUPERSEDE_WAYS = ['revoke', 'let-end'] as const;
export type Supersede = (typeof SUPERSEDE_WAYS)[number];

/** How the client of the account talks to the card, as it declares. */
export const UPDATE_CHANNELS = ['secure-messaging', 'none'] as const;
export type UpdateChannel = (typeof UPDATE_CHANNELS)[number];

export type CardUpdate = {
  /** UUID of version 7. */
  readonly id: string;
  readonly cardTokenId: string;
  readonly accountId: string;
  /** null: it is not part of a campaign. */
  readonly campaignId: string | null;
  readonly state: UpdateState;
  readonly stateAt: Instant;
  readonly begunAt: Instant;
  /** When all signatures were stored; null: they are not. */
  readonly offeredAt: Instant | null;
  /**
   * When the job `updates-due` changes the state, if nothing else does: confirmBy in `offered` and
   * `writing`, the end of the last old certificate in `undetermined`, the end of the overlap in
   * `confirmed`; null in the other states.
   */
  readonly dueAt: Instant | null;
  /** Ids of the certificates that are replaced. */
  readonly oldIds: readonly string[];
  /** Ids of the new certificates, in the order of the request. */
  readonly newIds: readonly string[];
  /** SHA-256 hex of the set of new keys (`src/updates/statement.ts`). */
  readonly keysSha256: string;
  readonly confirmWithinMs: number;
  readonly overlapMs: number;
  readonly supersede: Supersede;
  readonly channel: UpdateChannel;
  /** The model of the card reader, and the name and version of the middleware, by the account. */
  readonly reader: string;
  readonly middleware: string;
  /**
   * An account, a certificate, an approval or `system` has confirmed, abandoned or ended it; null:
   * nobody has.
   */
  readonly endedBy: string | null;
  /** The reason for the state, where the state alone does not say it; null: it does. */
  readonly detail: string | null;
  /** From 1; each change adds 1. */
  readonly version: number;
};

/** What a change of state writes. What is left out stays as it is. */
export type UpdateChange = {
  readonly id: string;
  /** The version and the state that were read. */
  readonly version: number;
  readonly from: UpdateState;
  readonly state: UpdateState;
  readonly stateAt: Instant;
  readonly dueAt: Instant | null;
  readonly endedBy?: string;
  readonly detail?: string | null;
};

export const STATEMENT_VERBS = ['begin', 'confirm', 'abandon', 'revoke'] as const;
export type StatementVerb = (typeof STATEMENT_VERBS)[number];

/** A statement that a card has signed and that was accepted. */
export type CardProof = {
  /** UUID of version 7. */
  readonly id: string;
  /** null: the statement is not about an update. */
  readonly updateId: string | null;
  readonly certificateId: string;
  readonly cardTokenId: string;
  readonly verb: StatementVerb;
  /** Canonical JSON. */
  readonly statement: string;
  /** Exactly one of the two is not null. */
  readonly signature: Bytes | null;
  readonly cms: Bytes | null;
  /** SHA-256 hex of the signed octets, which are a prefix and the statement. */
  readonly sha256: string;
  readonly acceptedAt: Instant;
};

/** Newest first. */
export type UpdatesPage = {
  /** null: of all cards. */
  readonly cardTokenId: string | null;
  readonly state: UpdateState | null;
  /** Only updates with a lower id, which began earlier; null: from the newest on. */
  readonly before: string | null;
  readonly limit: number;
};

/** Counts live updates. `undeterminedSince`: null: there is no undetermined update. */
export type UpdateTotals = {
  readonly byState: Readonly<Partial<Record<UpdateState, number>>>;
  readonly undeterminedSince: Instant | null;
};

export type UpdateReads = {
  readonly updatesByIds: (ids: readonly string[]) => Promise<readonly CardUpdate[]>;
  readonly updatesPage: (page: UpdatesPage) => Promise<readonly CardUpdate[]>;
  /** Live updates of these cards. A card has one at most. */
  readonly liveUpdatesOf: (tokenIds: readonly string[]) => Promise<readonly CardUpdate[]>;
  readonly updatesByKeys: (keysSha256s: readonly string[]) => Promise<readonly CardUpdate[]>;
  /** How many have begun since then and have not failed. Cards without any are left out. */
  readonly countUpdatesSince: (tokenIds: readonly string[], since: Instant) => Promise<ReadonlyMap<string, number>>;
  /** Live updates whose `dueAt` has passed, the earliest first. */
  readonly updatesDue: (now: Instant, limit: number) => Promise<readonly CardUpdate[]>;
  /**
   * Reads counts that each change maintains, so the cost does not grow with the number of updates.
   */
  readonly updateTotals: () => Promise<UpdateTotals>;
  readonly proofsOfUpdate: (updateId: string) => Promise<readonly CardProof[]>;
};

export type UpdateWrites = {
  readonly insertUpdates: (updates: readonly CardUpdate[]) => Promise<void>;
  /** issuing -> offered, with `dueAt` by their `confirmWithinMs`. Others are left as they are. */
  readonly offerUpdates: (ids: readonly string[], at: Instant) => Promise<readonly CardUpdate[]>;
  /** An update that has another version by now is an AssertionFailed: transactions are serial. */
  readonly changeUpdates: (changes: readonly UpdateChange[]) => Promise<void>;
  readonly insertCardProofs: (proofs: readonly CardProof[]) => Promise<void>;
};
