/**
 * Watches the clocks, also while nothing is issued. The job advances the high-water mark, and
 * raises an alarm when the clock of this process jumps or differs from that of the database, or
 * when the clock of the database is behind the mark. If nodes agree with each other but not with
 * the database, the alarm says that the clock of the database is wrong. Each transaction of the job
 * also shows whether the database can be written: to this process by `WriteState`, and to all
 * processes that read the database by `COMMITTED_MARK`.
 */
import type { Instant } from '../kernel/clock.js';
import { SECOND_MS } from '../kernel/duration.js';
import type { Result } from '../kernel/result.js';
import { advanceClockMark, CLOCK_OFF_MS_MAX, type ClockFault } from '../operations/clock.js';
import type { NodeId } from '../ports/node.js';
import type { StoreFailure } from '../ports/store/failure.js';
import { COMMITTED_MARK } from '../ports/store/freshness.js';
import type { RunRecord } from '../ports/store/nodes.js';
import type { Store } from '../ports/store.js';
import type { Clock, Log } from '../ports/world.js';
import type { RunJob } from './job.js';
import { isSilent } from './nodes/run-record.js';
import { WRITE_EVERY_MS, type WriteState } from './write-state.js';

/**
 * Two nodes agree if their clock offsets differ by no more than this. The offsets are not measured
 * at the same moment, but with the last heartbeat of each node.
 */
const AGREE_MS_MAX = 2 * SECOND_MS;

type ClockWatchParts = {
  readonly node: NodeId;
  readonly store: Store;
  readonly clock: Clock;
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
  readonly log: Log;
  readonly writes: WriteState;
};

export const watchClockJob: RunJob<ClockWatchParts> = {
  name: 'clock-watch',
  scope: 'run',
  roles: ['api', 'worker', 'console'],
  everyMs: WRITE_EVERY_MS,
  isEssential: true,
  alsoRuns: ['at-start'],
  prepare: (parts) => ({ run: startClockWatch(parts) }),
};

type ClockAlarm = 'clock.wrong' | 'clock.database-wrong';

function startClockWatch({ node, store, clock, steadyMs, log, writes }: ClockWatchParts): () => Promise<void> {
  let last = { clock: clock(), steady: steadyMs() };
  let alarmBefore: ClockAlarm | null = null;

  return async () => {
    const now = { clock: clock(), steady: steadyMs() };
    const stepMs = Math.round(now.clock - last.clock - (now.steady - last.steady));
    last = now;
    if (Math.abs(stepMs) > CLOCK_OFF_MS_MAX) log.error('clock.stepped', { stepMs });
    const passed = await store.transaction(async (tx) => {
      const database = await tx.databaseClock();
      const fault = await advanceClockMark(tx, database, clock);
      await tx.setMark(COMMITTED_MARK, String(database.now));
      const alarm = fault === null ? null : chooseAlarm(fault, { node, now: database.now, live: await tx.liveRuns() });
      if (alarm !== alarmBefore) {
        const details = fault ?? { offsetMs: 0, behindMs: 0 };
        await tx.appendAudit([{ at: now.clock, type: alarm ?? 'clock.right', actor: 'system', details }]);
      }
      return { fault, alarm };
    });
    await noteWrite(store, { writes, log }, passed);
    if (!passed.ok) return;
    const { fault, alarm } = passed.value;
    if (fault !== null && alarm === 'clock.database-wrong') log.error('clock.database-wrong', fault);
    else if (fault !== null) log.error('clock.wrong', fault);
    else if (alarmBefore !== null) log.info('clock.right');
    alarmBefore = alarm;
  };
}

/**
 * Names the clock that is wrong. It is that of the database if another node has the same offset as
 * this one, and no other live node has the time of the database.
 */
function chooseAlarm(
  { offsetMs }: ClockFault,
  { node, now, live }: { readonly node: NodeId; readonly now: Instant; readonly live: readonly RunRecord[] },
): ClockAlarm {
  if (offsetMs === 0) return 'clock.wrong';
  const others = live.filter((run) => run.node !== node && !isSilent(run, now)).map((run) => run.clockOffsetMs);
  const agree = others.some((other) => Math.abs(other - offsetMs) <= AGREE_MS_MAX);
  const differ = others.every((other) => Math.abs(other) > CLOCK_OFF_MS_MAX);
  return agree && differ ? 'clock.database-wrong' : 'clock.wrong';
}

/**
 * Notes whether the database could be written. A commit counts only if the disk of the database
 * also has space for a request, because the small transaction of this job may fit where a request
 * does not. A failure is logged once, until its reason changes.
 */
async function noteWrite(
  store: Pick<Store, 'confirmSpace'>,
  { writes, log }: Pick<ClockWatchParts, 'writes' | 'log'>,
  committed: Result<unknown, StoreFailure>,
): Promise<void> {
  const written = committed.ok ? await store.confirmSpace() : committed;
  const before = writes.state().detail;
  if (written.ok) {
    writes.written();
    if (before !== null) log.info('database.written');
    return;
  }
  const { detail } = written.error;
  writes.failed(detail);
  if (detail !== before) log.error('database.not-written', { detail });
}
