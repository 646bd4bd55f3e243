/**
 * Finds the changes of status that other processes make, by polling the database several times a
 * second. The poller also measures how old the data of the database may be, because a response that
 * says `good` must not depend on data that is too old.
 *
 * The numbers of changes rise within one database. A database that was restored from a backup, or a
 * standby that took over without the last transactions, uses the same numbers again for other
 * changes. Therefore each poll also reads the last known change again. If it is missing, all cached
 * statuses are discarded.
 *
 * Several database servers may share one address, and one of them may lack a change that was read
 * from another. Therefore the poller keeps the number of the newest change that this process has
 * seen, and a status that was read without this change is not answered as `good`
 * (`ocsp-statuses.ts`).
 */
import type { Instant } from '../../kernel/clock.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { ok, type Result } from '../../kernel/result.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Freshness } from '../../ports/store/freshness.js';
import type { StatusChange } from '../../ports/store/statuses.js';
import type { Reads, Store } from '../../ports/store.js';
import type { Log } from '../../ports/world.js';
import type { RunJob } from '../job.js';
import { WRITE_AGE_MS_MAX } from '../write-state.js';

/** Limit of changes that one read returns; a poll that gets this many reads again. */
const CHANGES_MAX = 1_000;
/**
 * A database server is current if its newest heartbeat is at most this old. Nodes write a heartbeat
 * every 2 s.
 */
const HEARTBEAT_AGE_MS_MAX = 5 * SECOND_MS;

export type StatusPoller = {
  /** Must be called before the first poll, so that the subscriber gets every change. */
  readonly subscribe: (subscriber: StatusSubscriber) => void;
  /** Learns the last change in the database. Must be called before the first response is made. */
  readonly begin: () => Promise<Result<void, StoreFailure>>;
  readonly poll: () => Promise<void>;
  /**
   * Polls after a commit of this process, so that a commit that is lost with its database is
   * noticed. A call during a poll causes one more poll.
   */
  readonly pollSoon: () => void;
  /** Milliseconds since the database was last known to be complete; Infinity before `begin`. */
  readonly staleMs: () => number;
  /**
   * Number of the newest change that this process has seen. Data from the database that does not
   * contain this change is outdated.
   */
  readonly newestChange: () => number;
  /**
   * Must be called when another read of this process has returned changes, with the number of the
   * last one.
   */
  readonly sawChange: (seq: number) => void;
};

/** `poller`: null if no other process changes the database. */
export const pollStatusesJob: RunJob<{ readonly poller: StatusPoller | null }, 'responder' | 'worker'> = {
  name: 'status-poller',
  scope: 'run',
  roles: ['responder', 'worker'],
  everyMs: 200,
  isEssential: false,
  alsoRuns: [],
  prepare: ({ poller }) => (poller === null ? null : { run: poller.poll }),
};

type StatusSubscriber = {
  readonly changed: (changes: readonly StatusChange[]) => void;
  /**
   * Called when another database has replaced the previous one, so that any status may have
   * changed.
   */
  readonly replaced: () => void;
};

export type PollerWorld = {
  readonly store: Pick<Store, 'read'>;
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
  readonly log: Log;
};

/** Where the next poll continues; `change` is null before the first change. */
type Position = { readonly seq: number; readonly change: StatusChange | null };
type PollResult = {
  /** null: the last known change is missing. */
  readonly changes: readonly StatusChange[] | null;
  /** The last change that was read. */
  readonly head: Position;
  readonly freshness: Freshness | null;
};

export function createStatusPoller({ store, steadyMs, log }: PollerWorld): StatusPoller {
  const subscribers: StatusSubscriber[] = [];
  let last: Position = { seq: 0, change: null };
  /**
   * The newest change that this process has seen, and the time on the monotonic clock when it first
   * did.
   */
  let newest = { seq: 0, seenAt: Number.NEGATIVE_INFINITY };
  /** Time on the monotonic clock up to which all changes are known. */
  let knownUntil = Number.NEGATIVE_INFINITY;
  let isUnavailable = false;
  const heartbeatAge = createAge();
  const commitAge = createAge();

  function logAvailability(unavailable: boolean, detail: string): void {
    if (unavailable === isUnavailable) return;
    isUnavailable = unavailable;
    if (unavailable) log.warn('status-poller.unavailable', { detail });
    else log.info('status-poller.available');
  }

  /**
   * Returns how old the data of the server may be. A replica shows by its newest heartbeat how far
   * it has come. A primary that is cut off from its standby, or was replaced by it, gets no
   * heartbeats any more, or at least no commits, because a commit that waits for a standby is not
   * visible. `lagMs` is 0 for a server that is current.
   */
  function agesOf(
    freshness: Freshness | null,
    began: number,
  ): { readonly heartbeatMs: number; readonly lagMs: number } {
    if (freshness === null) return { heartbeatMs: 0, lagMs: 0 };
    const heartbeatMs = heartbeatAge(freshness.heartbeat, freshness.now, began);
    const commitMs = commitAge(freshness.committed, freshness.now, began);
    const lagMs = Math.max(
      heartbeatMs <= HEARTBEAT_AGE_MS_MAX ? 0 : heartbeatMs,
      commitMs <= WRITE_AGE_MS_MAX ? 0 : commitMs,
    );
    return { heartbeatMs, lagMs };
  }

  function sawChange(seq: number): void {
    if (seq > newest.seq) newest = { seq, seenAt: steadyMs() };
  }

  function acceptOtherDatabase(head: Position): void {
    log.error('status-poller.other-database', { last: newest.seq, now: head.seq });
    last = head;
    newest = { seq: head.seq, seenAt: steadyMs() };
    for (const { replaced } of subscribers) replaced();
  }

  const poll = async (): Promise<void> => {
    for (;;) {
      const began = steadyMs();
      // The result of the read may lack a change that this process sees elsewhere in the meantime.
      const wanted = newest;
      const found = await store.read((reads) => changesAfter(reads, last));
      if (!found.ok) return logAvailability(true, found.error.detail);
      const { changes, head, freshness } = found.value;
      if (changes !== null) {
        if (changes.length > 0) {
          for (const { changed } of subscribers) changed(changes);
          last = head;
          sawChange(head.seq);
        }
        if (changes.length === CHANGES_MAX) continue;
      }
      const { heartbeatMs, lagMs } = agesOf(freshness, began);
      if (changes === null || head.seq < wanted.seq) {
        // The server is behind if its data may be older than the moment at which the change was
        // seen. Otherwise it lacks the change although it is current, so it is another database.
        const isBehind = freshness !== null && head.seq < wanted.seq && began - heartbeatMs <= wanted.seenAt;
        if (isBehind)
          return logAvailability(
            steadyMs() - knownUntil > HEARTBEAT_AGE_MS_MAX,
            'this database lacks the newest change',
          );
        acceptOtherDatabase(head);
      }
      knownUntil = Math.max(knownUntil, began - lagMs);
      return logAvailability(lagMs > 0, lagDetail(lagMs));
    }
  };

  let polling: Promise<void> | null = null;
  let mustPollAgain = false;
  const pollSoon = (): void => {
    mustPollAgain = polling !== null;
    const ended = (): void => {
      polling = null;
      if (mustPollAgain) pollSoon();
    };
    // An error of this poll is ignored here, because the next periodic poll throws it too, and the
    // runner logs that.
    polling ??= poll().then(ended, ended);
  };

  return {
    subscribe: (subscriber) => void subscribers.push(subscriber),
    begin: async () => {
      const began = steadyMs();
      const found = await store.read(async (reads) => ({
        head: await headOf(reads),
        freshness: await reads.freshness(),
      }));
      if (!found.ok) return found;
      last = found.value.head;
      sawChange(last.seq);
      knownUntil = began - agesOf(found.value.freshness, began).lagMs;
      return ok(undefined);
    },
    poll,
    pollSoon,
    staleMs: () => steadyMs() - knownUntil,
    newestChange: () => newest.seq,
    sawChange,
  };
}

/**
 * Creates a function that returns the age of a time that other processes write into the database
 * again and again. The age is the difference to the clock of the server, and at least the time for
 * which the value has not changed by the monotonic clock of this process. So clocks that stand
 * still, or a time in the future, hide no age.
 */
function createAge(): (value: Instant | null, now: Instant, steady: number) => number {
  let last: { readonly value: Instant; readonly since: number } | null = null;
  return (value, now, steady) => {
    if (value === null) return Number.POSITIVE_INFINITY;
    if (value !== last?.value) last = { value, since: steady };
    return Math.max(now - value, steady - last.since);
  };
}

function lagDetail(lagMs: number): string {
  if (lagMs === Number.POSITIVE_INFINITY) return 'no node writes to this database';
  return `the newest heartbeat or commit in this database is ${Math.round(lagMs / SECOND_MS)} s old`;
}

type PollerReads = Pick<Reads, 'statusChanges' | 'lastStatusChange' | 'freshness'>;

async function headOf(reads: PollerReads): Promise<Position> {
  const seq = await reads.lastStatusChange();
  const [change] = seq === 0 ? [] : await reads.statusChanges(seq - 1, 1);
  return { seq, change: change ?? null };
}

async function changesAfter(reads: PollerReads, last: Position): Promise<PollResult> {
  const freshness = await reads.freshness();
  const { seq, change } = last;
  const found = await reads.statusChanges(change === null ? seq : seq - 1, CHANGES_MAX + 1);
  const isThere = change === null || (found[0] !== undefined && isSame(found[0], change));
  if (!isThere) return { changes: null, head: await headOf(reads), freshness };
  const changes = (change === null ? found : found.slice(1)).slice(0, CHANGES_MAX);
  const newest = changes.at(-1);
  return { changes, head: newest === undefined ? last : { seq: newest.seq, change: newest }, freshness };
}

function isSame(one: StatusChange, other: StatusChange): boolean {
  return one.seq === other.seq && one.issuer === other.issuer && one.serial === other.serial && one.at === other.at;
}
