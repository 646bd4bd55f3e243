/**
 * Delivers all published files, as the database lists them, to every outlet. Each outlet has its
 * own loop, so that an outlet that is down does not delay the others; it is retried after 1, 2, 4
 * ... 60 seconds. No state survives a restart: the content of an outlet is compared when the
 * service starts, after each failure, and every ten minutes.
 */
import type { Instant } from '../../kernel/clock.js';
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { OutletFailure, OutletSession, PublishedFile, RemoteOutlet } from '../../ports/outlet.js';
import type { Lease } from '../../ports/store/leases.js';
import type { Store } from '../../ports/store.js';
import type { Clock, Log } from '../../ports/world.js';
import { type DeliveryOutcome, type DeliveryWorld, deliver } from '../../publish/deliver.js';

export type OutletSupply = {
  readonly outlet: RemoteOutlet;
  readonly source: DeliveryWorld['source'];
  /** Whether several services deliver to the outlet; they take turns. */
  readonly shared: boolean;
  /**
   * Period of visits to the outlet, which finds files that other services have published. Default:
   * half a minute.
   */
  readonly visitEveryMs?: number;
  /** Called with a published file whose content no source has. */
  readonly onMissing?: (item: PublishedFile) => void;
};

type OutletsWorld = {
  readonly store: Pick<Store, 'acquireLease' | 'releaseLease'>;
  readonly issuerOf: DeliveryWorld['issuerOf'];
  readonly clock: Clock;
  readonly log: Log;
  /** Identifies this process among all that share the database. */
  readonly holder: string;
  /** Returns all published files, as the database lists them. */
  readonly published: () => Promise<Result<readonly PublishedFile[], unknown>>;
};

/**
 * `unknown`: not visited yet. `behind`: the outlet was reached, but published files are missing
 * there.
 */
type OutletState = {
  readonly name: string;
  readonly state: 'unknown' | 'current' | 'behind' | 'down';
  /** Time at which the outlet came into this state. */
  readonly since: Instant;
  readonly detail: string | null;
  /** Names of the files that are missing there. */
  readonly behind: readonly string[];
};

export type OutletDelivery = {
  /** Visits the outlets soon: at the start, and when new files were published. */
  readonly visitSoon: () => void;
  readonly states: () => readonly OutletState[];
  readonly stop: () => Promise<void>;
};

/** The outlet has the published item, or a newer one. */
const UP_TO_DATE: ReadonlySet<DeliveryOutcome> = new Set(['unchanged', 'delivered', 'newer-there']);

const VISIT_EVERY_MS = 30 * SECOND_MS;
const COMPARE_EVERY_MS = 10 * MINUTE_MS;
const BACK_OFF_MS_MAX = MINUTE_MS;
/**
 * A service that crashes delays the others at most this long; the lease is renewed during a visit.
 */
const LEASE_MS = 30 * SECOND_MS;
const RENEW_EVERY_MS = 10 * SECOND_MS;
/** Pause while another service has the lease, or the database is down. */
const LATER_MS = 5 * SECOND_MS;

export function createOutletDelivery(world: OutletsWorld, supplies: readonly OutletSupply[]): OutletDelivery {
  const loops = supplies.map((one) => createLoop(world, one));
  return {
    visitSoon: () => {
      for (const loop of loops) loop.visitSoon();
    },
    states: () => loops.map((loop) => loop.state()),
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

type Loop = {
  readonly visitSoon: () => void;
  readonly state: () => OutletState;
  readonly stop: () => Promise<void>;
};

type Outcome =
  | { readonly kind: 'current' }
  | { readonly kind: 'behind'; readonly files: readonly string[]; readonly detail: string }
  | { readonly kind: 'down'; readonly detail: string }
  /** Another service has the lease, or the database is down. */
  | { readonly kind: 'later' };

function createLoop(
  world: OutletsWorld,
  { outlet, source, shared, onMissing, visitEveryMs = VISIT_EVERY_MS }: OutletSupply,
): Loop {
  const { log, clock } = world;
  /** Digests of the files that the outlet is known to have, by file name. */
  const confirmed = new Map<string, string>();
  let state: OutletState = { name: outlet.name, state: 'unknown', since: clock(), detail: null, behind: [] };
  let comparedAt: number | null = null;
  let failuresInARow = 0;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;

  const visit = async (): Promise<Outcome> => {
    const published = await world.published();
    // Without the database the published files are unknown, so the outlet keeps its content and its
    // state.
    if (!published.ok) return { kind: 'later' };
    const items = published.value.filter((item) => outlet.takes(item));
    const now = clock();
    // A clock that was set back must not make the wait longer.
    const isComparison = comparedAt === null || now - comparedAt >= COMPARE_EVERY_MS || now < comparedAt;
    if (isComparison) confirmed.clear();
    const todo = items.filter(({ fileName, sha256 }) => confirmed.get(fileName) !== sha256);
    const lease = shared && todo.length > 0 ? await take() : ok(null);
    if (!lease.ok) return { kind: 'later' };
    // Sending a long list over a slow connection is one operation, which may take longer than the
    // lease.
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

  /**
   * Opens a session even without anything to deliver, so that an outlet that is down is noticed
   * early.
   */
  const work = async (todo: readonly PublishedFile[]): Promise<Outcome> => {
    const session = await outlet.open();
    if (!session.ok) return { kind: 'down', detail: session.error.detail };
    try {
      const behind = new Map<string, DeliveryOutcome>();
      for (const item of todo) {
        if (shared && !(await take()).ok) return { kind: 'later' };
        const delivered = await deliverOne(session.value, item);
        if (!delivered.ok) return { kind: 'down', detail: delivered.error.detail };
        if (!UP_TO_DATE.has(delivered.value)) behind.set(item.fileName, delivered.value);
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
    if (UP_TO_DATE.has(delivered.value)) confirmed.set(fileName, sha256);
    if (delivered.value === 'delivered') {
      // New files may have been published meanwhile.
      again = true;
      log.info('outlet.published', { outlet: outlet.name, file: fileName, number });
    }
    if (delivered.value === 'newer-there')
      log.warn('outlet.newer-there', { outlet: outlet.name, file: fileName, number });
    if (delivered.value === 'no-source') onMissing?.(item);
    return delivered;
  };

  const note = (outcome: Exclude<Outcome, { readonly kind: 'later' }>): void => {
    const detail = outcome.kind === 'current' ? null : outcome.detail;
    const behind = outcome.kind === 'behind' ? outcome.files : outcome.kind === 'down' ? state.behind : [];
    if (outcome.kind === 'down') {
      failuresInARow += 1;
      // The content of the outlet must be compared again when it is available again.
      comparedAt = null;
    } else failuresInARow = outcome.kind === 'behind' ? failuresInARow + 1 : 0;
    const since = state.state === outcome.kind ? state.since : clock();
    const before = state;
    state = { name: outlet.name, state: outcome.kind, detail, behind, since };
    logState(log, before, state);
  };

  const run = async (): Promise<void> => {
    let outcome: Outcome;
    try {
      outcome = await visit();
    } catch (error) {
      log.error('outlet.fault', { outlet: outlet.name, detail: String(error) });
      outcome = { kind: 'down', detail: String(error) };
    }
    if (outcome.kind !== 'later') note(outcome);
    if (outcome.kind === 'later') wait(LATER_MS);
    else wait(failuresInARow === 0 ? visitEveryMs : backOffMs(failuresInARow));
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
    // New files do not cause additional visits to an outlet that is down.
    visitSoon: () => (failuresInARow === 0 ? begin() : undefined),
    state: () => state,
    stop: async () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
}

function logState(log: Log, before: OutletState, { name: outlet, state, detail }: OutletState): void {
  const isNew = before.state !== state;
  if (isNew && state === 'current' && before.state !== 'unknown') log.info('outlet.back', { outlet });
  if (isNew && state === 'behind') log.warn('outlet.behind', { outlet, detail });
  if (state === 'down' && (isNew || before.detail !== detail)) log.error('outlet.down', { outlet, detail });
}

function backOffMs(failuresInARow: number): number {
  return Math.min(BACK_OFF_MS_MAX, SECOND_MS * 2 ** (failuresInARow - 1));
}
