/**
 * What other processes change, followed by looking: every few tenths of a second the database is asked for the changes of status
 * since the last. It also tells how long ago the database was last known to say all: an answer from memory that says `good` is
 * no older than that.
 *
 * The numbers of changes rise within one database. One that was restored from a backup, or the standby that took over without the last
 * transactions, gives the same numbers out again for other changes: the last one that was told is therefore looked at each time, and
 * where it is not there any more all that was answered before is forgotten.
 */
import type { Instant } from '../../kernel/clock.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { ok, type Result } from '../../kernel/result.js';
import { readClockMark } from '../../operations/clock.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { StatusChange } from '../../ports/store/statuses.js';
import type { Reads, Store } from '../../ports/store.js';
import type { Clock, Log } from '../../ports/world.js';
import { readPulse } from '../heartbeat.js';

export const STATUS_FEED_EVERY_MS = 200;
/** Changes of one look at the database; more of them at once are looked at again and again. */
const CHANGES_MAX = 1_000;
/** Services advance the mark of the clock, and their pulse, every ten seconds; a replica that has both from then is not behind. */
const MARK_AGE_MS_MAX = 15 * SECOND_MS;

export type StatusFeed = {
  /** Before the first answer is made: what changes from here on is told. */
  readonly begin: () => Promise<Result<void, StoreFailure>>;
  readonly look: () => Promise<void>;
  /** After a commit of our own: where it is lost with its database, that is seen. Who asks while it looks has it look once more. */
  readonly soon: () => void;
  /** Milliseconds since the database was last known to say all; Infinity before `begin`. */
  readonly staleMs: () => number;
};

export type FeedWorld = {
  readonly store: Pick<Store, 'read'>;
  readonly clock: Clock;
  /** Milliseconds of a clock that nobody sets. */
  readonly steadyMs: () => number;
  readonly log: Log;
  readonly changed: (changes: readonly StatusChange[]) => void;
  /** This is not the database of before: nobody knows what has changed. */
  readonly lost: () => void;
};

type Replica = { readonly mark: Instant | null; readonly pulse: string | null } | null;
/** Where to go on; `change` is null where there is none yet. */
type Place = { readonly seq: number; readonly change: StatusChange | null };
type Seen = {
  /** null: the last one that was told is not there. */
  readonly changes: readonly StatusChange[] | null;
  readonly head: Place;
  readonly replica: Replica;
};

export function createStatusFeed({ store, clock, steadyMs, log, changed, lost }: FeedWorld): StatusFeed {
  let last: Place = { seq: 0, change: null };
  /** Steady time of the last moment of which we know all changes. */
  let knownUntil = Number.NEGATIVE_INFINITY;
  let isAway = false;
  /** Of a replica: the last pulse, and when it was first seen. */
  let pulse: { readonly is: string; readonly since: number } | null = null;

  function tell(away: boolean, detail: string): void {
    if (away === isAway) return;
    isAway = away;
    if (away) log.warn('status-feed.away', { detail });
    else log.info('status-feed.back');
  }

  /**
   * A replica says what was true when it was written to: by the mark of the clock no longer ago than that is old, and by the pulse no
   * longer ago than that stands still. The second tells where our clock stands still too, or the mark is of the future.
   */
  function lagMs(replica: Replica, began: number): number {
    if (replica === null) return 0;
    if (replica.pulse !== null && replica.pulse !== pulse?.is) pulse = { is: replica.pulse, since: began };
    const age = replica.mark === null ? Number.POSITIVE_INFINITY : clock() - replica.mark;
    const lag = Math.max(age, pulse === null ? 0 : began - pulse.since);
    return lag <= MARK_AGE_MS_MAX ? 0 : lag;
  }

  /** Of several replicas behind one address another may have answered, which has not heard of the last change yet. */
  function isBehind({ replica, head }: Seen): boolean {
    return replica !== null && head.seq < last.seq && steadyMs() - knownUntil <= MARK_AGE_MS_MAX;
  }

  function begunAnew(head: Place): void {
    log.error('status-feed.other-database', { last: last.seq, now: head.seq });
    last = head;
    lost();
  }

  const look = async (): Promise<void> => {
    for (;;) {
      const began = steadyMs();
      const seen = await store.read((reads) => changesAfter(reads, last));
      if (!seen.ok) return tell(true, seen.error.detail);
      const { changes, head, replica } = seen.value;
      if (changes === null && isBehind(seen.value)) return tell(true, 'this database has not heard of the last change');
      if (changes === null) begunAnew(head);
      else if (changes.length > 0) changed(changes);
      const newest = changes?.at(-1);
      if (newest !== undefined) last = { seq: newest.seq, change: newest };
      if (changes?.length === CHANGES_MAX) continue;
      const lag = lagMs(replica, began);
      knownUntil = Math.max(knownUntil, began - lag);
      return tell(lag > 0, `this database follows another and is ${Math.round(lag / SECOND_MS)} s behind it`);
    }
  };

  let looking: Promise<void> | null = null;
  let again = false;
  const soon = (): void => {
    again = looking !== null;
    const looked = (): void => {
      looking = null;
      if (again) soon();
    };
    // What a look throws the next one that comes round throws too, and is logged there.
    looking ??= look().then(looked, looked);
  };

  return {
    begin: async () => {
      const began = steadyMs();
      const head = await store.read(async (reads) => ({ last: await headOf(reads), replica: await replicaOf(reads) }));
      if (!head.ok) return head;
      last = head.value.last;
      knownUntil = began - lagMs(head.value.replica, began);
      return ok(undefined);
    },
    look,
    soon,
    staleMs: () => steadyMs() - knownUntil,
  };
}

type FeedReads = Pick<Reads, 'statusChanges' | 'lastStatusChange' | 'isReplica' | 'mark'>;

async function headOf(reads: FeedReads): Promise<Place> {
  const seq = await reads.lastStatusChange();
  const [change] = seq === 0 ? [] : await reads.statusChanges(seq - 1, 1);
  return { seq, change: change ?? null };
}

async function changesAfter(reads: FeedReads, { seq, change }: Place): Promise<Seen> {
  const replica = await replicaOf(reads);
  if (change === null) return { changes: await reads.statusChanges(seq, CHANGES_MAX), head: { seq, change }, replica };
  const [first, ...changes] = await reads.statusChanges(seq - 1, CHANGES_MAX + 1);
  const isThere = first !== undefined && isSame(first, change);
  return { changes: isThere ? changes : null, head: isThere ? { seq, change } : await headOf(reads), replica };
}

function isSame(one: StatusChange, other: StatusChange): boolean {
  return one.seq === other.seq && one.issuer === other.issuer && one.serial === other.serial && one.at === other.at;
}

async function replicaOf(reads: Pick<Reads, 'isReplica' | 'mark'>): Promise<Replica> {
  if (!(await reads.isReplica())) return null;
  return { mark: (await readClockMark(reads))?.at ?? null, pulse: await readPulse(reads) };
}
