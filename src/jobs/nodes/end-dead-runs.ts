/**
 * Ends the runs of processes that are dead or cut off, and logs their nodes. From then on other
 * processes may take their leases and recover their intents.
 *
 * After an outage of the database the last heartbeats of all runs are old. So a run is ended only
 * if this process itself has seen for a while that its heartbeat does not change. In this time the
 * other processes can write a heartbeat again. No lease is needed, because a run can be ended only
 * once.
 */
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { SECOND_MS } from '../../kernel/duration.js';
import type { RunId } from '../../ports/node.js';
import type { RunRecord } from '../../ports/store/nodes.js';
import type { Store, Transaction } from '../../ports/store.js';
import type { Clock, Log } from '../../ports/world.js';
import type { RunJob } from '../job.js';
import { isSilent } from './run-record.js';

const EVERY_MS = 3 * SECOND_MS;
/** A run is ended only if this process has seen its heartbeat unchanged for at least this long. */
const WATCHED_MS_MIN = 10 * SECOND_MS;
/**
 * If this process itself was paused for longer than this, it watches all runs from the beginning
 * again, because they may have written heartbeats meanwhile.
 */
const PAUSE_MS_MAX = 3 * EVERY_MS;

type EndDeadRunsParts = {
  readonly run: RunId;
  readonly store: Pick<Store, 'read' | 'transaction'>;
  readonly clock: Clock;
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
  readonly log: Log;
};

export const endDeadRunsJob: RunJob<EndDeadRunsParts> = {
  name: 'end-dead-runs',
  scope: 'run',
  roles: ['worker'],
  everyMs: EVERY_MS,
  isEssential: true,
  alsoRuns: [],
  prepare: (parts) => ({ run: watchRuns(parts) }),
};

/**
 * How long a heartbeat has not changed: `seenAt` is its time in the database, `since` the time on
 * the monotonic clock at which this process first read it.
 */
type Standstill = { readonly seenAt: number; readonly since: number };

function watchRuns({ run: ownRun, store, clock, steadyMs, log }: EndDeadRunsParts): () => Promise<void> {
  let watched: ReadonlyMap<RunId, Standstill> = new Map();
  let lastCheckAt = Number.NEGATIVE_INFINITY;

  const updateWatched = (live: readonly RunRecord[], at: number): void => {
    const before = at - lastCheckAt > PAUSE_MS_MAX ? new Map<RunId, Standstill>() : watched;
    lastCheckAt = at;
    watched = new Map(
      live.map(({ run, seenAt }) => {
        const known = before.get(run);
        return [run, known?.seenAt === seenAt ? known : { seenAt, since: at }];
      }),
    );
  };

  /**
   * Ends a run, and returns the number of its open intents; null: it has written a heartbeat since,
   * another process has ended it, or the database is not available.
   */
  const end = async (dead: RunRecord): Promise<number | null> => {
    const ended = await store.transaction((tx) => endLostRun(tx, dead, clock()));
    return ended.ok ? ended.value : null;
  };

  return async () => {
    const at = steadyMs();
    const found = await store.read(async (reads) => ({
      now: (await reads.databaseClock()).now,
      live: await reads.liveRuns(),
    }));
    if (!found.ok) {
      watched = new Map();
      return;
    }
    const { now, live } = found.value;
    updateWatched(live, at);
    const isDead = (one: RunRecord): boolean =>
      one.run !== ownRun && isSilent(one, now) && at - (watched.get(one.run)?.since ?? at) >= WATCHED_MS_MIN;
    for (const dead of live.filter(isDead)) {
      const openIntents = await end(dead);
      if (openIntents === null) continue;
      const { run, node, name, host, roles, seenAt } = dead;
      log.error('node.lost', { run, node, name, host, roles, seenAt: formatInstant(seenAt), openIntents });
    }
  };
}

/**
 * Ends the run of a process that cannot end its run itself, and returns the number of open intents
 * of the run. null: nothing was changed, because the process has written a heartbeat after
 * `seenAt`, or the run was ended already.
 */
export async function endLostRun(
  tx: Pick<Transaction, 'databaseClock' | 'endRun' | 'countOpenIntents' | 'appendAudit'>,
  { run, node, host, roles, version, seenAt }: RunRecord,
  at: Instant,
): Promise<number | null> {
  const { now } = await tx.databaseClock();
  if (!(await tx.endRun(run, { at: now, reason: 'lost', seenAt }))) return null;
  const openIntents = await tx.countOpenIntents(run);
  const details = { run, lost: node, host, roles, version, seenAt, openIntents };
  await tx.appendAudit([{ at, type: 'node.lost', actor: 'system', details }]);
  return openIntents;
}
