/**
 * Orders: uploads of cards that are worked off in the background, with one outcome for each line.
 * Times are those of the database. A line without a row in `order_lines` has no outcome yet.
 */
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import type { RunId } from '../node.js';

/** States in which something can still happen to an order. */
export const LIVE_ORDER_STATES = ['receiving', 'accepted', 'working', 'paused', 'cancelling'] as const;
export const FINAL_ORDER_STATES = ['cancelled', 'finished', 'discarded'] as const;
export const ORDER_STATES = [...LIVE_ORDER_STATES, ...FINAL_ORDER_STATES] as const;
export type OrderState = (typeof ORDER_STATES)[number];

export const ORDER_OUTCOMES = [
  'issued',
  'duplicate',
  'refused',
  'not-issued',
  'cancelled',
  'would-issue',
  'would-be-duplicate',
] as const;
export type OrderOutcome = (typeof ORDER_OUTCOMES)[number];

export type OrderCounts = Readonly<Record<OrderOutcome, number>>;

/** What an order begins with and what never changes. */
type OrderOrigin = {
  /** UUID of version 7. */
  readonly id: string;
  readonly accountId: string;
  /** The account of the card bureau that may read the order; null: none was named. */
  readonly bureauId: string | null;
  readonly idempotencyKey: string | null;
  /** The client's own name of the order. */
  readonly reference: string | null;
  readonly dryRun: boolean;
  /** The run that received the upload. */
  readonly receivingRun: RunId;
  readonly receivedAt: Instant;
  /** The request that began the upload. */
  readonly requestId: string | null;
};

/** What `changeOrder` may change. */
type OrderProgress = {
  readonly state: OrderState;
  readonly stateAt: Instant;
  /** An account, or `system`; null: it is not paused. */
  readonly pausedBy: string | null;
  readonly acceptedAt: Instant | null;
  readonly finishedAt: Instant | null;
  /** When lines without an outcome get `not-issued`; null: the order was not accepted. */
  readonly deadlineAt: Instant | null;
  /** What was stored of the upload so far, and all of it from the acceptance on. */
  readonly octets: number;
  readonly lines: number;
  /** SHA-256 hex of the upload; null: it was not accepted. */
  readonly requestSha256: string | null;
  /** SHA-256 hex of the result lines and of the bundle; null: not hashed yet. */
  readonly resultsSha256: string | null;
  readonly bundleSha256: string | null;
  /** Canonical JSON; null: not signed yet. */
  readonly receipt: string | null;
  readonly receiptSignature: Bytes | null;
};

export type Order = OrderOrigin &
  OrderProgress & {
    /** Every line below it has an outcome. */
    readonly nextLine: number;
    readonly counts: OrderCounts;
    /** Rises with each `changeOrder`. */
    readonly version: number;
  };

export type OrderChanges = Partial<OrderProgress>;

/** Some lines of an upload, as `src/orders/upload.ts` writes them. */
export type OrderPart = {
  readonly orderId: string;
  /** From 1. */
  readonly part: number;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly records: Bytes;
};

/** A line that has its outcome. */
export type SettledLine = {
  readonly orderId: string;
  readonly line: number;
  readonly outcome: OrderOutcome;
  /** null: the line cannot be read. */
  readonly cardTokenId: string | null;
  /** Canonical JSON without LF. */
  readonly result: string;
  readonly settledAt: Instant;
};

/** How many lines of an order have failed in the same way. */
export type OrderProblem = {
  readonly orderId: string;
  /** The code of the problem documents: `policy-violated`. */
  readonly code: string;
  /** The rule that the lines break; an empty text: the problem has none. */
  readonly rule: string;
  /** A line that breaks several rules counts for each of them. */
  readonly lines: number;
  /** The lowest number of these lines. */
  readonly firstLine: number;
};

/** A key of a line that a dry run would issue. */
export type ForeseenKey = {
  readonly orderId: string;
  readonly line: number;
  /** The place of its request in the line, from 0. */
  readonly request: number;
  readonly spkiSha256: string;
};

type OrdersPage = {
  /** The orders of this account and those that name it as their bureau; null: all orders. */
  readonly accountId: string | null;
  readonly state?: OrderState | undefined;
  readonly limit: number;
  /** Only orders with a lower id, which began earlier; null: from the newest on. */
  readonly before: string | null;
};

/** An order that is being received, and the run that receives it. */
export type Upload = { readonly id: string; readonly run: RunId; readonly isRunLive: boolean };

/** What an account has under way. */
type OrderUse = {
  /** Orders that have not ended. */
  readonly orders: number;
  /** Orders that are being received. */
  readonly uploads: number;
  /** Lines of live orders that have no outcome. */
  readonly openLines: number;
};

/**
 * `oldestAt`: when the oldest accepted order that is not finished was accepted; `unsignedAt`: when
 * the first order ended that has no receipt yet. null: there is none.
 */
export type OrderTotals = {
  readonly byState: Readonly<Partial<Record<OrderState, number>>>;
  readonly oldestAt: Instant | null;
  readonly unsignedAt: Instant | null;
};

export type OrderReads = {
  readonly order: (id: string) => Promise<Order | null>;
  /** The order of this account with this key. A discarded order no longer has its key. */
  readonly orderByKey: (accountId: string, idempotencyKey: string) => Promise<Order | null>;
  /** Newest first. */
  readonly ordersPage: (page: OrdersPage) => Promise<readonly Order[]>;
  /** Orders that are accepted, working or cancelling, or live past their deadline. Oldest first. */
  readonly workableOrders: (now: Instant, limit: number) => Promise<readonly Order[]>;
  /** Ids of orders whose lines all have outcomes, and that may end. Oldest first. */
  readonly settledOrders: (now: Instant, limit: number) => Promise<readonly string[]>;
  /** Ids of ended orders with a bundle that have no receipt. Oldest first. */
  readonly ordersWithoutReceipt: (limit: number) => Promise<readonly string[]>;
  /** Orders of this account that are accepted or working. */
  readonly runningOrdersOf: (accountId: string) => Promise<readonly Order[]>;
  /** The orders that are being received; they are few. */
  readonly uploads: () => Promise<readonly Upload[]>;
  readonly orderUse: (accountId: string) => Promise<OrderUse>;
  /** Live orders, and those without a receipt. */
  readonly orderTotals: () => Promise<OrderTotals>;
  /** Returns the part that contains this line; null: no part does. */
  readonly orderPart: (id: string, line: number) => Promise<OrderPart | null>;
  /** Ids of at most `limit` orders that have parts and are discarded, or ended before this time. */
  readonly ordersWithOldParts: (endedBefore: Instant, limit: number) => Promise<readonly string[]>;
  readonly orderLine: (id: string, line: number) => Promise<SettledLine | null>;
  /** Returns the lines among these that have an outcome, in their order. */
  readonly orderLines: (id: string, lines: readonly number[]) => Promise<readonly SettledLine[]>;
  /** Lines with outcomes after line `after`, in their order. */
  readonly orderLinesAfter: (page: {
    readonly id: string;
    readonly after: number;
    readonly limit: number;
  }) => Promise<readonly SettledLine[]>;
  /** As `orderLinesAfter`, of the lines that were refused or not issued. */
  readonly failedLinesAfter: (page: {
    readonly id: string;
    readonly after: number;
    readonly limit: number;
  }) => Promise<readonly SettledLine[]>;
  /** What was wrong with the lines that have failed. */
  readonly orderProblems: (id: string) => Promise<readonly OrderProblem[]>;
  /** The lines among these that have an outcome. */
  readonly settledAmong: (id: string, lines: readonly number[]) => Promise<ReadonlySet<number>>;
  /** All keys of lines that a dry run would issue and that have this card or one of the keys. */
  readonly foreseenKeys: (
    id: string,
    asked: { readonly cardTokenId: string | null; readonly keys: readonly string[] },
  ) => Promise<readonly ForeseenKey[]>;
  /** How many lines of each of these orders have an acknowledgement that was accepted. */
  readonly acknowledgedLines: (ids: readonly string[]) => Promise<ReadonlyMap<string, number>>;
};

export type OrderWrites = {
  readonly insertOrder: (order: Order) => Promise<void>;
  readonly insertPart: (part: OrderPart) => Promise<void>;
  /** Returns false, and changes nothing, if the order has another version. */
  readonly changeOrder: (id: string, expectedVersion: number, changes: OrderChanges) => Promise<boolean>;
  /**
   * Inserts lines of live orders, and adds them to the counts of their orders and of their
   * problems. A line that has a row already is a bug of the caller, and fails.
   */
  readonly insertOrderLines: (lines: readonly SettledLine[]) => Promise<void>;
  /** A key that a line of the order has already is a bug of the caller, and fails. */
  readonly insertForeseenKeys: (keys: readonly ForeseenKey[]) => Promise<void>;
  readonly moveCursor: (id: string, nextLine: number) => Promise<void>;
  /**
   * Deletes at most `limit` parts of an ended order, the last first, and what a dry run has stored
   * of their keys. Returns the number of parts.
   */
  readonly deleteParts: (id: string, limit: number) => Promise<number>;
};
