/**
 * Works on the lines of an order until a turn ends. Lines are begun in their order, some at once;
 * what cannot be worked on now is set aside, also a line whose work fails by a fault of this
 * program, so that the other lines go on. A line is begun only if it has neither an outcome nor
 * a claim, so a worker that continues after a crash repeats none: it asks about each line from the
 * cursor on, and leaves those that are under way to recovery.
 */
import { accountFault } from '../../../access/account.js';
import type { Instant } from '../../../kernel/clock.js';
import { MINUTE_MS, SECOND_MS } from '../../../kernel/duration.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import { type OrderProgress, readProgress, type Wait } from '../../../orders/progress.js';
import { batchWorld } from '../../batch-world.js';
import { lineStates } from './line-states.js';
import type { OrderTurn, OrderWorld } from './order-world.js';
import { createLineReader, type LineReader, readForm, reportFault } from './read-lines.js';
import { type AsideLines, createAsideLines, SET_ASIDE_MAX } from './set-aside.js';
import { storeProgress } from './store-progress.js';
import { createWindow, type Window } from './window.js';
import { type Attempt, type OrderInWork, type Prevention, underWay, workLine } from './work-line.js';

/** How many lines are looked up in one read. */
const LOOK_UP_LINES = 250;
/** How often the order is read again, and its progress stored. */
const LOOK_MS = SECOND_MS;
/** Pause before a line whose work has failed by a fault of this program is tried again. */
const FAULT_PAUSE_MS = 5 * MINUTE_MS;
/** The weight of the last second in the measured rate. */
const RATE_WEIGHT = 0.2;

type Turn = {
  readonly world: OrderWorld;
  readonly turn: OrderTurn;
  readonly aside: AsideLines;
  readonly window: Window;
  readonly readLine: LineReader;
  work: OrderInWork;
  /** The next line that was not begun. */
  next: number;
  linesPerSecond: number | null;
  /** Lines that were settled since the last look. */
  settled: number;
  lookedAt: Instant;
  /** Why no more lines are begun; null: they are. */
  end: { readonly kind: 'not-working' } | Prevention | null;
};

/** Returns the progress at the end of the turn. */
export async function workLines(
  world: OrderWorld,
  turn: OrderTurn,
  work: OrderInWork,
): Promise<Result<OrderProgress, Prevention['failure']>> {
  const { order } = work;
  const { next, aside, linesPerSecond } = readProgress(turn.cursor, order);
  const { requestId } = order;
  const inTurn: Turn = {
    world: { ...batchWorld(world), ...(requestId === null ? {} : { requestId }) },
    turn,
    aside: createAsideLines(aside, world.clock),
    window: createWindow(world.linesAtOnceMax),
    readLine: createLineReader(world.store, order.id),
    work,
    next,
    linesPerSecond,
    settled: 0,
    lookedAt: world.clock(),
    end: null,
  };
  try {
    await retryAside(inTurn);
    await beginNew(inTurn);
  } finally {
    await inTurn.window.empty();
  }
  await look(inTurn);
  const { end } = inTurn;
  return end?.kind === 'prevented' ? err(end.failure) : ok(progressOf(inTurn));
}

function isOver({ end, turn }: Turn): boolean {
  return end !== null || turn.mustEnd();
}

/**
 * Lines that wait for the same are tried until one of them still has to wait. The first one is
 * tried alone.
 */
async function retryAside(inTurn: Turn): Promise<void> {
  const { aside, window, world } = inTurn;
  const states = await statesOf(inTurn, aside.lines());
  for (const [line, state] of states) if (state === 'settled') aside.remove(line);
  const began = world.clock();
  for (const { wait, lines } of aside.groups()) {
    if (wait.until > began) continue;
    const waiting = lines.filter((line) => states.get(line) === 'waiting');
    for (const [at, line] of waiting.entries()) {
      if (isOver(inTurn) || aside.hasSince(wait, began)) break;
      await begin(inTurn, line);
      if (at === 0) await window.empty();
      await lookIfDue(inTurn);
    }
  }
}

async function beginNew(inTurn: Turn): Promise<void> {
  const { aside, window, world } = inTurn;
  const { lines: last } = inTurn.work.order;
  const mayBegin = (): boolean => !isOver(inTurn) && aside.count() + window.lines().length < SET_ASIDE_MAX;
  while (mayBegin() && inTurn.next <= last) {
    const count = Math.min(LOOK_UP_LINES, last + 1 - inTurn.next);
    const lines = Array.from({ length: count }, (_, at) => inTurn.next + at);
    const states = await statesOf(inTurn, lines);
    for (const line of lines) {
      if (!mayBegin()) break;
      inTurn.next = line + 1;
      const state = states.get(line);
      if (state === 'under-way') aside.add(line, underWay(world));
      if (state === 'waiting') await begin(inTurn, line);
      await lookIfDue(inTurn);
    }
  }
}

async function statesOf(inTurn: Turn, lines: readonly number[]): Promise<Awaited<ReturnType<typeof lineStates>>> {
  if (lines.length === 0) return new Map();
  const { store } = inTurn.world;
  const found = await store.read((reads) => lineStates(reads, inTurn.work.order, lines));
  if (found.ok) return found.value;
  inTurn.end ??= { kind: 'prevented', failure: found.error };
  return new Map();
}

/** Begins a line when the window has room for it, and does not wait for its outcome. */
async function begin(inTurn: Turn, number: number): Promise<void> {
  const { world, window, aside, readLine } = inTurn;
  await window.room();
  const record = await readLine(number);
  if (!record.ok) {
    inTurn.end ??= { kind: 'prevented', failure: record.error };
    aside.add(number, underWay(world));
    return;
  }
  const read = readForm(world, inTurn.work.order, { number, record: record.value });
  if (read === null) return aside.add(number, afterFault(world));
  const line = { number, record: record.value, read };
  window.begin({ number, card: read.ok ? read.value.card : null }, async () => {
    try {
      apply(inTurn, number, await workLine(world, inTurn.work, line));
    } catch (error) {
      reportFault(world, inTurn.work.order, { number, error });
      aside.add(number, afterFault(world));
    }
  });
  // A window of lines takes milliseconds of the processor, and others wait for it.
  await world.yieldTurn();
}

/** The line is tried again, because a repaired version of this program may do better. */
function afterFault({ clock }: Pick<OrderWorld, 'clock'>): Wait {
  return { reason: 'fault', profile: null, until: clock() + FAULT_PAUSE_MS };
}

function apply(inTurn: Turn, number: number, attempt: Attempt): void {
  const { aside, world } = inTurn;
  switch (attempt.kind) {
    case 'settled':
      aside.remove(number);
      inTurn.settled += 1;
      world.countLine(attempt.outcome);
      return;
    case 'waits':
      aside.add(number, attempt.wait);
      // The order may have been paused, or another process may have its lease.
      if (attempt.wait.reason === 'under-way') inTurn.lookedAt = Number.NEGATIVE_INFINITY;
      return;
    case 'prevented':
      aside.add(number, underWay(world));
      inTurn.end ??= attempt;
  }
}

async function lookIfDue(inTurn: Turn): Promise<void> {
  if (inTurn.world.clock() >= inTurn.lookedAt + LOOK_MS) await look(inTurn);
}

/** Reads the order and its account as they are now, and stores the progress. */
async function look(inTurn: Turn): Promise<void> {
  const { world, turn, work } = inTurn;
  measure(inTurn, world.clock());
  const stored = await turn.transaction(async (tx) => {
    const order = await tx.order(work.order.id);
    // Another job ends the order as soon as its last line has its outcome.
    if (order?.finishedAt === null) await storeProgress(tx, turn, { order, progress: progressOf(inTurn) });
    return { order, accounts: await tx.accounts() };
  });
  if (!stored.ok) {
    inTurn.end ??= { kind: 'prevented', failure: stored.error };
    return;
  }
  const { order, accounts } = stored.value;
  const account = accounts.find(({ id }) => id === work.order.accountId);
  const now = world.clock();
  const isExpired = now >= (work.order.deadlineAt ?? Number.POSITIVE_INFINITY);
  if (order?.state !== 'working' || account === undefined || accountFault(account, now) !== null || isExpired)
    inTurn.end ??= { kind: 'not-working' };
  else inTurn.work = { ...work, order, account };
}

function measure(inTurn: Turn, now: Instant): void {
  const seconds = (now - inTurn.lookedAt) / SECOND_MS;
  inTurn.lookedAt = now;
  if (!Number.isFinite(seconds) || seconds < 0.5) return;
  const measured = inTurn.settled / seconds;
  const before = inTurn.linesPerSecond ?? measured;
  inTurn.linesPerSecond = Math.round(10 * (before + RATE_WEIGHT * (measured - before))) / 10;
  inTurn.settled = 0;
}

/** Lines in the window are not known to have outcomes, so that they are looked up again. */
function progressOf({ next, aside, window, linesPerSecond }: Turn): OrderProgress {
  return { next: Math.min(next, ...window.lines()), aside: aside.groups(), linesPerSecond };
}
