/**
 * Finds the changes of status that other processes make, by polling the database several times a
 * second. It also knows how old the data of the database may be: no cached response that says
 * `good` is older than that.
 *
 * The numbers of changes rise within one database. A database that was restored from a backup, or a
 * standby that took over without the last transactions, uses the same numbers again for other
 * changes. Therefore each poll also reads the last known change again. If it is missing, all cached
 * statuses are discarded.
 */
import type { Instant } from '../../kernel/clock.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { ok, type Result } from '../../kernel/result.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { StatusChange } from '../../ports/store/statuses.js';
import type { Reads, Store } from '../../ports/store.js';
import type { Log } from '../../ports/world.js';
import type { RunJob } from '../job.js';

/** Limit of changes that one read returns; a poll that gets this many reads again. */
const CHANGES_MAX = 1_000;
/** Nodes write a heartbeat every 2 s; a replica with one of this age is current. */
const HEARTBEAT_AGE_MS_MAX = 5 * SECOND_MS;

export type StatusPoller = {
  /** Must be called before the first poll, so that the subscriber gets every change. */
  readonly subscribe: (subscriber: StatusSubscriber) => void;
  /** Must be called before the first response is made. */
  readonly begin: () => Promise<Result<void, StoreFailure>>;
  readonly poll: () => Promise<void>;
  /**
   * Polls after a commit of this process, so that a commit that is lost with its database is
   * noticed. A call during a poll causes one more poll.
   */
  readonly pollSoon: () => void;
  /** Milliseconds since the database was last known to be complete; Infinity before `begin`. */
  readonly staleMs: () => number;
};

/** `poller`: null where no other process changes the database. */
export const pollStatuses: RunJob<{ readonly poller: StatusPoller | null }, 'responder' | 'worker'> = {
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
  /** The database was replaced by another one, so any status may have changed. */
  readonly replaced: () => void;
};

export type PollerWorld = {
  readonly store: Pick<Store, 'read'>;
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
  readonly log: Log;
};

/** The time of a replica's server, and the newest heartbeat that it has; null: it has none. */
type ReplicaAge = { readonly now: Instant; readonly heartbeat: Instant | null } | null;
/** Where the next poll continues; `change` is null before the first change. */
type Position = { readonly seq: number; readonly change: StatusChange | null };
type PollResult = {
  /** null: the last known change is missing. */
  readonly changes: readonly StatusChange[] | null;
  readonly head: Position;
  readonly replica: ReplicaAge;
};

export function createStatusPoller({ store, steadyMs, log }: PollerWorld): StatusPoller {
  const subscribers: StatusSubscriber[] = [];
  let last: Position = { seq: 0, change: null };
  /** Steady time up to which all changes are known. */
  let knownUntil = Number.NEGATIVE_INFINITY;
  let isUnavailable = false;
  /** The last heartbeat of a replica, and when it was first seen. */
  let heartbeat: { readonly value: Instant; readonly since: number } | null = null;

  function note(unavailable: boolean, detail: string): void {
    if (unavailable === isUnavailable) return;
    isUnavailable = unavailable;
    if (unavailable) log.warn('status-poller.unavailable', { detail });
    else log.info('status-poller.available');
  }

  /**
   * The data of a replica is at least as old as its newest heartbeat, and as the time for which
   * that has not changed by our monotonic clock: so clocks that stand still, or a heartbeat in the
   * future, hide no age.
   */
  function lagMs(replica: ReplicaAge, began: number): number {
    if (replica === null) return 0;
    if (replica.heartbeat !== null && replica.heartbeat !== heartbeat?.value)
      heartbeat = { value: replica.heartbeat, since: began };
    const age = replica.heartbeat === null ? Number.POSITIVE_INFINITY : replica.now - replica.heartbeat;
    const lag = Math.max(age, heartbeat === null ? 0 : began - heartbeat.since);
    return lag <= HEARTBEAT_AGE_MS_MAX ? 0 : lag;
  }

  /**
   * Several replicas may share one address. Returns whether the replica that answered may lack the
   * last change.
   */
  function isBehind({ replica, head }: PollResult): boolean {
    return replica !== null && head.seq < last.seq && steadyMs() - knownUntil <= HEARTBEAT_AGE_MS_MAX;
  }

  function beginAgain(head: Position): void {
    log.error('status-poller.other-database', { last: last.seq, now: head.seq });
    last = head;
    for (const { replaced } of subscribers) replaced();
  }

  const poll = async (): Promise<void> => {
    for (;;) {
      const began = steadyMs();
      const found = await store.read((reads) => changesAfter(reads, last));
      if (!found.ok) return note(true, found.error.detail);
      const { changes, head, replica } = found.value;
      if (changes === null && isBehind(found.value))
        return note(true, 'this database does not have the last change yet');
      if (changes === null) beginAgain(head);
      else if (changes.length > 0) for (const { changed } of subscribers) changed(changes);
      const newest = changes?.at(-1);
      if (newest !== undefined) last = { seq: newest.seq, change: newest };
      if (changes?.length === CHANGES_MAX) continue;
      const lag = lagMs(replica, began);
      knownUntil = Math.max(knownUntil, began - lag);
      return note(lag > 0, `this database follows another and is ${Math.round(lag / SECOND_MS)} s behind it`);
    }
  };

  let polling: Promise<void> | null = null;
  let again = false;
  const pollSoon = (): void => {
    again = polling !== null;
    const ended = (): void => {
      polling = null;
      if (again) pollSoon();
    };
    // An error of this poll is ignored here, because the next periodic poll throws it too and is
    // logged.
    polling ??= poll().then(ended, ended);
  };

  return {
    subscribe: (subscriber) => void subscribers.push(subscriber),
    begin: async () => {
      const began = steadyMs();
      const head = await store.read(async (reads) => ({ last: await headOf(reads), replica: await replicaOf(reads) }));
      if (!head.ok) return head;
      last = head.value.last;
      knownUntil = began - lagMs(head.value.replica, began);
      return ok(undefined);
    },
    poll,
    pollSoon,
    staleMs: () => steadyMs() - knownUntil,
  };
}

type PollerReads = Pick<Reads, 'statusChanges' | 'lastStatusChange' | 'isReplica' | 'lastHeartbeat' | 'databaseClock'>;

async function headOf(reads: PollerReads): Promise<Position> {
  const seq = await reads.lastStatusChange();
  const [change] = seq === 0 ? [] : await reads.statusChanges(seq - 1, 1);
  return { seq, change: change ?? null };
}

async function changesAfter(reads: PollerReads, { seq, change }: Position): Promise<PollResult> {
  const replica = await replicaOf(reads);
  if (change === null) return { changes: await reads.statusChanges(seq, CHANGES_MAX), head: { seq, change }, replica };
  const [first, ...changes] = await reads.statusChanges(seq - 1, CHANGES_MAX + 1);
  const isThere = first !== undefined && isSame(first, change);
  return { changes: isThere ? changes : null, head: isThere ? { seq, change } : await headOf(reads), replica };
}

function isSame(one: StatusChange, other: StatusChange): boolean {
  return one.seq === other.seq && one.issuer === other.issuer && one.serial === other.serial && one.at === other.at;
}

/** null: the database is not a replica. */
async function replicaOf(reads: Pick<Reads, 'isReplica' | 'lastHeartbeat' | 'databaseClock'>): Promise<ReplicaAge> {
  if (!(await reads.isReplica())) return null;
  const { now } = await reads.databaseClock();
  return { now, heartbeat: await reads.lastHeartbeat() };
}
