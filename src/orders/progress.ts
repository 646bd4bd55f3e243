/**
 * How far the work on an order has come. Its job stores it between turns, and the API reports it.
 * It only saves work: whether a line has its outcome is decided by its row alone.
 */
import type { Instant } from '../kernel/clock.js';
import { SECOND_MS } from '../kernel/duration.js';
import { isObject, type Json } from '../kernel/json.js';
import type { IdempotencyClaim } from '../ports/store/idempotency.js';
import type { Order } from '../ports/store/orders.js';

/**
 * The idempotency claim of a line of an order: `(account, "order/<id>", "<line>")`. The claims of
 * requests have routes that begin with a method, so that none is taken for the other. Nothing else
 * makes or reads claims of lines.
 */

export type OrderLine = { readonly orderId: string; readonly line: number };

const ROUTE = /^order\/([0-9a-f-]{36})$/;

export function lineClaim(accountId: string, { orderId, line }: OrderLine): IdempotencyClaim {
  return { account: accountId, route: orderRoute(orderId), key: String(line) };
}

/** The route of the claims of all lines of an order. */
export function orderRoute(orderId: string): string {
  return `order/${orderId}`;
}

/** null: the claim is that of a request, or there is none. */
export function lineOfClaim(claim: IdempotencyClaim | null): OrderLine | null {
  const orderId = claim === null ? undefined : ROUTE.exec(claim.route)?.[1];
  return orderId === undefined ? null : { orderId, line: Number(claim?.key) };
}

/**
 * `under-way`: intents of the line are open, and recovery finishes or abandons them. `fault`: the
 * work on the line has failed by a fault of this program.
 */
export const WAIT_REASONS = ['pace', 'signer', 'under-way', 'fault'] as const;

/** Why a line is not worked on now. */
export type Wait = {
  readonly reason: (typeof WAIT_REASONS)[number];
  /**
   * The profile whose pace or signer the line waits for; null for the other reasons, and where the
   * account has reached its quota.
   */
  readonly profile: string | null;
  /** When the line is looked at again. */
  readonly until: Instant;
  /** How many lines a second the pace of the profile allows. */
  readonly linesPerSecondMax?: number;
};

/** Numbers of lines that wait for the same. */
export type SetAside = { readonly wait: Wait; readonly lines: readonly number[] };

export type OrderProgress = {
  /** Every line below it has its outcome or is set aside. */
  readonly next: number;
  readonly aside: readonly SetAside[];
  /** null: not measured yet. */
  readonly linesPerSecond: number | null;
};

export function writeProgress({ next, aside, linesPerSecond }: OrderProgress): Json {
  return { next, aside: aside.map(({ wait, lines }) => ({ wait, lines: [...lines] })), linesPerSecond };
}

/** Without stored progress, the order begins at its cursor. */
export function readProgress(stored: Json, { nextLine }: Pick<Order, 'nextLine'>): OrderProgress {
  if (!isObject(stored)) return { next: nextLine, aside: [], linesPerSecond: null };
  return stored as OrderProgress;
}

/** The line from which on outcomes may be missing. */
export function firstOpenLine({ next, aside }: Pick<OrderProgress, 'next' | 'aside'>): number {
  return aside.reduce((least, { lines }) => lines.reduce((one, line) => Math.min(one, line), least), next);
}

export type ReportedProgress = {
  readonly linesPerSecond: number | null;
  /** null: nothing is known yet, or the order is not worked on. */
  readonly estimatedEnd: Instant | null;
  readonly waitingFor: readonly Wait[];
};

/** The progress of a working order, as the API reports it. */
export function reportProgress(
  stored: Json,
  order: Pick<Order, 'nextLine' | 'state' | 'lines' | 'counts'>,
  now: Instant,
): ReportedProgress {
  if (order.state !== 'working') return { linesPerSecond: null, estimatedEnd: null, waitingFor: [] };
  const { linesPerSecond: measured, aside } = readProgress(stored, order);
  const waitingFor = aside.map(({ wait }) => wait);
  const paces = waitingFor.flatMap(({ linesPerSecondMax }) => linesPerSecondMax ?? []);
  const linesPerSecond = measured === null ? null : Math.min(measured, ...paces);
  const open = order.lines - Object.values(order.counts).reduce((sum, count) => sum + count, 0);
  const isKnown = linesPerSecond !== null && linesPerSecond > 0;
  return {
    linesPerSecond,
    estimatedEnd: isKnown ? now + Math.ceil((open / linesPerSecond) * SECOND_MS) : null,
    waitingFor,
  };
}
