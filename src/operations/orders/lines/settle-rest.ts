/**
 * Gives the waiting lines of an order that was cancelled, or whose deadline has passed, their
 * outcome. Lines that are under way are left to whoever has their intents.
 */
import { present } from '../../../kernel/assert.js';
import type { Instant } from '../../../kernel/clock.js';
import { ok, type Result } from '../../../kernel/result.js';
import { type OrderProgress, readProgress } from '../../../orders/progress.js';
import { settledLine } from '../../../orders/results.js';
import type { StoreFailure } from '../../../ports/store/failure.js';
import type { Order } from '../../../ports/store/orders.js';
import type { Transaction } from '../../../ports/store.js';
import { lineStates } from './line-states.js';
import type { OrderTurn, OrderWorld } from './order-world.js';
import { createLineReader, type LineReader, readForm } from './read-lines.js';
import { storeProgress } from './store-progress.js';

/** Limit of the lines in one transaction, because all other writers wait for it. */
const LINES_AT_ONCE = 1_000;

/** What the lines that wait become. null: they are worked on. */
export function outcomeOfRest(
  { state, deadlineAt }: Pick<Order, 'state' | 'deadlineAt'>,
  now: Instant,
): 'cancelled' | 'not-issued' | null {
  if (state === 'cancelling') return 'cancelled';
  const isOpen = state === 'accepted' || state === 'working' || state === 'paused';
  return isOpen && deadlineAt !== null && now >= deadlineAt ? 'not-issued' : null;
}

/** Returns the progress at the end of the turn. */
export async function settleRest(
  world: OrderWorld,
  turn: OrderTurn,
  order: Order,
): Promise<Result<OrderProgress, StoreFailure>> {
  const readLine = createLineReader(world.store, order.id);
  let progress = readProgress(turn.cursor, order);
  do {
    const aside = progress.aside.flatMap(({ lines }) => lines);
    const count = Math.min(Math.max(LINES_AT_ONCE - aside.length, 1), order.lines + 1 - progress.next);
    const fresh = Array.from({ length: count }, (_, at) => progress.next + at);
    const lines = [...aside, ...fresh].sort((one, other) => one - other);
    const cards = await readCards(world, order, { readLine, lines });
    if (!cards.ok) return cards;
    const next = progress.next + count;
    const settled = await turn.transaction((tx) => settle(tx, turn, { order, cards: cards.value, next }));
    if (!settled.ok) return settled;
    if (settled.value === null) return ok(progress);
    progress = settled.value;
    await world.yieldTurn();
  } while (!turn.mustEnd() && progress.next <= order.lines);
  return ok(progress);
}

/** The card of each line. null: it cannot be read. */
type CardsOfLines = ReadonlyMap<number, string | null>;

async function readCards(
  world: OrderWorld,
  order: Order,
  { readLine, lines }: { readonly readLine: LineReader; readonly lines: readonly number[] },
): Promise<Result<CardsOfLines, StoreFailure>> {
  const cards = new Map<number, string | null>();
  for (const line of lines) {
    const record = await readLine(line);
    if (!record.ok) return record;
    const read = readForm(world, order, { number: line, record: record.value });
    cards.set(line, read?.ok === true ? read.value.card : null);
  }
  return ok(cards);
}

type Rest = { readonly order: Order; readonly cards: CardsOfLines; readonly next: number };

/** null: the lines are no longer to be settled. */
async function settle(tx: Transaction, turn: OrderTurn, { order, cards, next }: Rest): Promise<OrderProgress | null> {
  const { now } = await tx.databaseClock();
  const current = present(await tx.order(order.id), 'the order of a turn');
  const outcome = outcomeOfRest(current, now);
  if (outcome === null) return null;
  const states = await lineStates(tx, current, [...cards.keys()]);
  const waiting = [...cards].filter(([line]) => states.get(line) === 'waiting');
  const underWay = [...cards.keys()].filter((line) => states.get(line) === 'under-way');
  if (waiting.length > 0) {
    const rows = waiting.map(([line, card]) => settledLine({ orderId: order.id, line }, { outcome, card }, now));
    await tx.insertOrderLines(rows);
  }
  const wait = { reason: 'under-way', profile: null, until: now } as const;
  const aside = underWay.length === 0 ? [] : [{ wait, lines: underWay }];
  const progress: OrderProgress = { next, aside, linesPerSecond: null };
  await storeProgress(tx, turn, { order: current, progress });
  return progress;
}
