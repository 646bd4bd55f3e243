/**
 * What other processes change, followed by looking: every few tenths of a second the database is asked for the changes of status
 * since the last. It also tells how long ago the database was last known to say all: an answer from memory that says `good` is
 * no older than that.
 */
import type { Instant } from '../kernel/clock.js';
import { SECOND_MS } from '../kernel/duration.js';
import { ok, type Result } from '../kernel/result.js';
import { readClockMark } from '../operations/clock-mark.js';
import type { StatusChange } from '../ports/status-changes.js';
import type { Reads, Store, StoreFailure } from '../ports/store.js';
import type { Clock, Log } from '../ports/world.js';
import { readPulse } from './pulse.js';

export const STATUS_FEED_EVERY_MS = 200;
/** Changes of one look at the database; more of them at once are looked at again and again. */
const CHANGES_MAX = 1_000;
/** Services advance the mark of the clock, and their pulse, every ten seconds; a replica that has both from then is not behind. */
const MARK_AGE_MS_MAX = 15 * SECOND_MS;

export type StatusFeed = {
  /** Before the first answer is made: what changes from here on is told. */
  readonly begin: () => Promise<Result<void, StoreFailure>>;
  readonly look: () => Promise<void>;
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
};

type Replica = { readonly mark: Instant | null; readonly pulse: string | null };
type Seen = { readonly changes: readonly StatusChange[]; readonly replica: Replica | null };

export function createStatusFeed({ store, clock, steadyMs, log, changed }: FeedWorld): StatusFeed {
  let last = 0;
  /** Steady time of the last moment of which we know all changes. */
  let knownUntil = Number.NEGATIVE_INFINITY;
  let isAway = false;
  /** Of a replica: the last pulse, and when it was first seen. */
  let pulse: { readonly is: string; readonly since: number } | null = null;

  const read = (after: number): Promise<Result<Seen, StoreFailure>> =>
    store.read(async (reads) => ({
      changes: await reads.statusChanges(after, CHANGES_MAX),
      replica: await replicaOf(reads),
    }));

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
  function lagMs(replica: Replica | null, began: number): number {
    if (replica === null) return 0;
    if (replica.pulse !== null && replica.pulse !== pulse?.is) pulse = { is: replica.pulse, since: began };
    const age = replica.mark === null ? Number.POSITIVE_INFINITY : clock() - replica.mark;
    const lag = Math.max(age, pulse === null ? 0 : began - pulse.since);
    return lag <= MARK_AGE_MS_MAX ? 0 : lag;
  }

  return {
    begin: async () => {
      const began = steadyMs();
      const head = await store.read(async (reads) => ({
        last: await reads.lastStatusChange(),
        replica: await replicaOf(reads),
      }));
      if (!head.ok) return head;
      last = head.value.last;
      knownUntil = began - lagMs(head.value.replica, began);
      return ok(undefined);
    },
    look: async () => {
      for (;;) {
        const began = steadyMs();
        const seen = await read(last);
        if (!seen.ok) return tell(true, seen.error.detail);
        const { changes } = seen.value;
        if (changes.length > 0) changed(changes);
        last = changes.at(-1)?.seq ?? last;
        if (changes.length === CHANGES_MAX) continue;
        const lag = lagMs(seen.value.replica, began);
        knownUntil = Math.max(knownUntil, began - lag);
        return tell(lag > 0, `this database follows another and is ${Math.round(lag / SECOND_MS)} s behind it`);
      }
    },
    staleMs: () => steadyMs() - knownUntil,
  };
}

async function replicaOf(reads: Pick<Reads, 'isReplica' | 'mark'>): Promise<Seen['replica']> {
  if (!(await reads.isReplica())) return null;
  return { mark: (await readClockMark(reads))?.at ?? null, pulse: await readPulse(reads) };
}
