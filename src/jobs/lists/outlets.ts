/**
 * Brings what the database says is published to every outlet. Each has a loop of its own, so that one that is away holds no other
 * back; it is tried again after 1, 2, 4 ... 60 seconds. Nothing is remembered over a restart: what stands at an outlet is
 * compared, when the service starts, after each failure, and every ten minutes.
 */
import type { Instant } from '../../kernel/clock.js';
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { OutletFailure, OutletSession, PublishedFile, RemoteOutlet } from '../../ports/outlet.js';
import type { Lease } from '../../ports/store/leases.js';
import type { Store } from '../../ports/store.js';
import type { Clock, Log } from '../../ports/world.js';
import { type DeliveryOutcome, type DeliveryWorld, deliver } from '../../publish/deliver.js';

export type Supplied = {
  readonly outlet: RemoteOutlet;
  readonly source: DeliveryWorld['source'];
  /** Several services have it: one at a time puts something there. */
  readonly shared: boolean;
  /** Where others may publish and nobody says so; default: half a minute. */
  readonly lookEveryMs?: number;
  /** Told of what nobody has the octets of. */
  readonly missing?: (item: PublishedFile) => void;
};

export type OutletsWorld = {
  readonly store: Pick<Store, 'acquireLease' | 'releaseLease'>;
  readonly issuerOf: DeliveryWorld['issuerOf'];
  readonly clock: Clock;
  readonly log: Log;
  /** This process among all that share the database. */
  readonly holder: string;
  readonly wanted: () => Promise<Result<readonly PublishedFile[], unknown>>;
};

/** `unknown`: not looked at yet. `behind`: reached, and something that is published does not stand there. */
export type OutletState = {
  readonly name: string;
  readonly state: 'unknown' | 'current' | 'behind' | 'down';
  /** Since when it is in this state. */
  readonly since: Instant;
  readonly detail: string | null;
  /** File names of what does not stand there. */
  readonly behind: readonly string[];
};

export type Outlets = {
  /** Something new was published. */
  readonly soon: () => void;
  readonly states: () => readonly OutletState[];
  readonly start: () => void;
  readonly stop: () => Promise<void>;
};

/** What is published stands there, or something newer does. */
const STANDS: ReadonlySet<DeliveryOutcome> = new Set(['unchanged', 'delivered', 'newer-there']);

const LOOK_EVERY_MS = 30 * SECOND_MS;
const COMPARE_EVERY_MS = 10 * MINUTE_MS;
const BACK_OFF_MS_MAX = MINUTE_MS;
/** So long are others held up by one that died; renewed while it lives. */
const LEASE_MS = 30 * SECOND_MS;
const RENEW_EVERY_MS = 10 * SECOND_MS;
/** While another service is at it, or the database is away. */
const LATER_MS = 5 * SECOND_MS;

export function createOutlets(world: OutletsWorld, supplied: readonly Supplied[]): Outlets {
  const loops = supplied.map((one) => createLoop(world, one));
  return {
    soon: () => {
      for (const loop of loops) loop.soon();
    },
    states: () => loops.map((loop) => loop.state()),
    start: () => {
      for (const loop of loops) loop.soon();
    },
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

type Loop = {
  readonly soon: () => void;
  readonly state: () => OutletState;
  readonly stop: () => Promise<void>;
};

type Outcome =
  | { readonly kind: 'current' }
  | { readonly kind: 'behind'; readonly files: readonly string[]; readonly detail: string }
  | { readonly kind: 'down'; readonly detail: string }
  /** Another service is at it, or the database is away. */
  | { readonly kind: 'later' };

function createLoop(
  world: OutletsWorld,
  { outlet, source, shared, missing, lookEveryMs = LOOK_EVERY_MS }: Supplied,
): Loop {
  const { log, clock } = world;
  /** What was seen to stand there, by file name: its digest. */
  const confirmed = new Map<string, string>();
  let state: OutletState = {
    ...{ name: outlet.name, state: 'unknown', since: clock(), detail: null, behind: [] },
  };
  let comparedAt: number | null = null;
  let failuresInARow = 0;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;

  const visit = async (): Promise<Outcome> => {
    const wanted = await world.wanted();
    // Without a database nobody knows what is published: what stands there stays, and says nothing of the outlet.
    if (!wanted.ok) return { kind: 'later' };
    const items = wanted.value.filter((item) => outlet.takes(item));
    const now = clock();
    // A clock that was set back is no reason to wait longer.
    const isComparison = comparedAt === null || now - comparedAt >= COMPARE_EVERY_MS || now < comparedAt;
    if (isComparison) confirmed.clear();
    const todo = items.filter(({ fileName, sha256 }) => confirmed.get(fileName) !== sha256);
    const lease = shared && todo.length > 0 ? await take() : ok(null);
    if (!lease.ok) return { kind: 'later' };
    // A long list on a slow line is one operation.
    const renewal = lease.value === null ? null : setInterval(() => void take(), RENEW_EVERY_MS);
    try {
      const outcome = await work(todo);
      if (outcome.kind === 'current' && isComparison) comparedAt = now;
      return outcome;
    } finally {
      if (renewal !== null) clearInterval(renewal);
      if (lease.value !== null) await world.store.releaseLease(lease.value);
    }
  };

  const take = async (): Promise<Result<Lease, null>> => {
    const name = `outlet/${outlet.name}`;
    const lease = await world.store.acquireLease({ name, holder: world.holder, durationMs: LEASE_MS });
    return lease.ok && lease.value !== null ? ok(lease.value) : err(null);
  };

  /** Also without anything to do: an outlet that is away is to be seen before something has to go there. */
  const work = async (todo: readonly PublishedFile[]): Promise<Outcome> => {
    const session = await outlet.open();
    if (!session.ok) return { kind: 'down', detail: session.error.detail };
    try {
      const behind = new Map<string, DeliveryOutcome>();
      for (const item of todo) {
        if (shared && !(await take()).ok) return { kind: 'later' };
        const delivered = await deliverOne(session.value, item);
        if (!delivered.ok) return { kind: 'down', detail: delivered.error.detail };
        if (!STANDS.has(delivered.value)) behind.set(item.fileName, delivered.value);
      }
      if (behind.size === 0) return { kind: 'current' };
      const detail = [...behind].map(([file, why]) => `${file}: ${why}`).join(', ');
      return { kind: 'behind', files: [...behind.keys()], detail };
    } finally {
      await session.value.close();
    }
  };

  const deliverOne = async (
    session: OutletSession,
    item: PublishedFile,
  ): Promise<Result<DeliveryOutcome, OutletFailure>> => {
    const delivered = await deliver({ issuerOf: world.issuerOf, log, source }, session, item);
    if (!delivered.ok) return delivered;
    const { fileName, number, sha256 } = item;
    if (STANDS.has(delivered.value)) confirmed.set(fileName, sha256);
    if (delivered.value === 'delivered') {
      // Something newer may have been published under it.
      again = true;
      log.info('outlet.published', { outlet: outlet.name, file: fileName, number });
    }
    if (delivered.value === 'newer-there')
      log.warn('outlet.newer-there', { outlet: outlet.name, file: fileName, number });
    if (delivered.value === 'no-source') missing?.(item);
    return delivered;
  };

  const settle = (outcome: Exclude<Outcome, { readonly kind: 'later' }>): void => {
    const detail = outcome.kind === 'current' ? null : outcome.detail;
    const behind = outcome.kind === 'behind' ? outcome.files : outcome.kind === 'down' ? state.behind : [];
    const isNew = state.state !== outcome.kind;
    if (outcome.kind === 'down') {
      failuresInARow += 1;
      // What it holds when it is back is anybody's guess.
      comparedAt = null;
    } else failuresInARow = outcome.kind === 'behind' ? failuresInARow + 1 : 0;
    if (isNew && outcome.kind === 'current' && state.state !== 'unknown')
      log.info('outlet.back', { outlet: outlet.name });
    if (isNew && outcome.kind === 'behind') log.warn('outlet.behind', { outlet: outlet.name, detail });
    if (outcome.kind === 'down' && (isNew || state.detail !== detail))
      log.error('outlet.down', { outlet: outlet.name, detail });
    state = {
      ...{ ...state, state: outcome.kind, detail, behind },
      since: isNew ? clock() : state.since,
    };
  };

  const run = async (): Promise<void> => {
    let outcome: Outcome;
    try {
      outcome = await visit();
    } catch (error) {
      log.error('outlet.fault', { outlet: outlet.name, detail: String(error) });
      outcome = { kind: 'down', detail: String(error) };
    }
    if (outcome.kind !== 'later') settle(outcome);
    if (outcome.kind === 'later') wait(LATER_MS);
    else wait(failuresInARow === 0 ? lookEveryMs : backOffMs(failuresInARow));
  };

  const wait = (pause: number): void => {
    if (stopped) return;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(begin, pause);
    timer.unref();
  };

  const begin = (): void => {
    if (stopped) return;
    if (running !== null) {
      again = true;
      return;
    }
    running = run().finally(() => {
      running = null;
      if (again && failuresInARow === 0) begin();
      again = false;
    });
  };

  return {
    // One that is away is not asked more often because more is published.
    soon: () => (failuresInARow === 0 ? begin() : undefined),
    state: () => state,
    stop: async () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
}

function backOffMs(failuresInARow: number): number {
  return Math.min(BACK_OFF_MS_MAX, SECOND_MS * 2 ** (failuresInARow - 1));
}
