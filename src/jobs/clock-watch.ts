/**
 * Watches the clocks while nothing is issued: advances the high-water mark, and raises an alarm
 * when the clock of this process jumps, or differs from that of the database. Where nodes agree
 * with each other and not with the database, the alarm names the database. Each of these
 * transactions also shows that the database can be written: to this process, and by a mark to all
 * that read it.
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
import { isSilent } from './nodes/own-run.js';
import { WRITE_EVERY_MS, type WriteState } from './write-state.js';

/** Offsets of nodes that agree differ by no more: heartbeats take time. */
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

export const watchClock: RunJob<ClockWatchParts> = {
  name: 'clock-watch',
  scope: 'run',
  roles: ['api', 'worker', 'console'],
  everyMs: WRITE_EVERY_MS,
  isEssential: true,
  alsoRuns: ['at-start'],
  prepare: (parts) => ({ run: startClockWatch(parts) }),
};

type Wrong = 'clock.wrong' | 'clock.database-wrong';

function startClockWatch({ node, store, clock, steadyMs, log, writes }: ClockWatchParts): () => Promise<void> {
  let last = { clock: clock(), steady: steadyMs() };
  let wrongBefore: Wrong | null = null;

  return async () => {
    const now = { clock: clock(), steady: steadyMs() };
    const stepMs = Math.round(now.clock - last.clock - (now.steady - last.steady));
    last = now;
    if (Math.abs(stepMs) > CLOCK_OFF_MS_MAX) log.error('clock.stepped', { stepMs });
    const passed = await store.transaction(async (tx) => {
      const database = await tx.databaseClock();
      const fault = await advanceClockMark(tx, database, clock);
      await tx.setMark(COMMITTED_MARK, String(database.now));
      const wrong = fault === null ? null : nameWrong(fault, { node, now: database.now, live: await tx.liveRuns() });
      if (wrong !== wrongBefore) {
        const details = fault ?? { offsetMs: 0, behindMs: 0 };
        await tx.appendAudit([{ at: now.clock, type: wrong ?? 'clock.right', actor: 'system', details }]);
      }
      return { fault, wrong };
    });
    await noteWrite(store, { writes, log }, passed);
    if (!passed.ok) return;
    const { fault, wrong } = passed.value;
    if (fault !== null && wrong === 'clock.database-wrong') log.error('clock.database-wrong', fault);
    else if (fault !== null) log.error('clock.wrong', fault);
    else if (wrongBefore !== null) log.info('clock.right');
    wrongBefore = wrong;
  };
}

/**
 * The database is wrong if another node has the same offset as this one, and no live node has the
 * time of the database.
 */
function nameWrong(
  { offsetMs }: ClockFault,
  { node, now, live }: { readonly node: NodeId; readonly now: Instant; readonly live: readonly RunRecord[] },
): Wrong {
  if (offsetMs === 0) return 'clock.wrong';
  const others = live.filter((run) => run.node !== node && !isSilent(run, now)).map((run) => run.clockOffsetMs);
  const agree = others.some((other) => Math.abs(other - offsetMs) <= AGREE_MS_MAX);
  const differ = others.every((other) => Math.abs(other) > CLOCK_OFF_MS_MAX);
  return agree && differ ? 'clock.database-wrong' : 'clock.wrong';
}

/**
 * A commit counts only if the disk of the database has space for a request too, because it may fit
 * where a request does not. A failure is logged once for as long as it has the same reason.
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
