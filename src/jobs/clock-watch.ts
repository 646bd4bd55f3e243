/**
 * Watches the clocks while nothing is issued: advances the high-water mark, and raises an alarm
 * when the clock of this process is set, or differs from that of the database.
 */
import type { Result } from '../kernel/result.js';
import { CLOCK_OFF_MS_MAX, passClockMark } from '../operations/clock.js';
import type { StoreFailure } from '../ports/store/failure.js';
import type { Store } from '../ports/store.js';
import type { Clock, Log } from '../ports/world.js';
import { HEARTBEAT_EVERY_MS, type HeartbeatState, incrementHeartbeat } from './heartbeat.js';
import type { RunJob } from './job.js';

type ClockWatchParts = {
  readonly store: Store;
  readonly clock: Clock;
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
  readonly log: Log;
  readonly heartbeat: HeartbeatState;
};

export const watchClock: RunJob<ClockWatchParts> = {
  name: 'clock-watch',
  scope: 'run',
  role: 'all',
  everyMs: HEARTBEAT_EVERY_MS,
  isEssential: true,
  alsoRuns: ['at-start'],
  prepare: (parts) => ({ run: startClockWatch(parts) }),
};

function startClockWatch({ store, clock, steadyMs, log, heartbeat }: ClockWatchParts): () => Promise<void> {
  let last = { clock: clock(), steady: steadyMs() };
  let wasWrong = false;

  return async () => {
    const now = { clock: clock(), steady: steadyMs() };
    const stepMs = Math.round(now.clock - last.clock - (now.steady - last.steady));
    last = now;
    if (Math.abs(stepMs) > CLOCK_OFF_MS_MAX) log.error('clock.stepped', { stepMs });
    const passed = await store.transaction(async (tx) => {
      await incrementHeartbeat(tx);
      const fault = await passClockMark(tx, clock);
      if ((fault !== null) !== wasWrong) {
        const type = fault === null ? 'clock.right' : 'clock.wrong';
        const details = fault ?? { offsetMs: 0, behindMs: 0 };
        await tx.appendAudit([{ at: now.clock, type, actor: 'system', details }]);
      }
      return fault;
    });
    await noteHeartbeat(store, { heartbeat, log }, passed);
    if (!passed.ok) return;
    if (passed.value !== null) log.error('clock.wrong', passed.value);
    else if (wasWrong) log.info('clock.right');
    wasWrong = passed.value !== null;
  };
}

/**
 * A heartbeat counts only if the disk of the database has space for a request too, because it may
 * fit where a request does not. A failure is logged once for as long as it has the same reason.
 */
async function noteHeartbeat(
  store: Pick<Store, 'confirmSpace'>,
  { heartbeat, log }: Pick<ClockWatchParts, 'heartbeat' | 'log'>,
  committed: Result<unknown, StoreFailure>,
): Promise<void> {
  const written = committed.ok ? await store.confirmSpace() : committed;
  const before = heartbeat.state().detail;
  if (written.ok) {
    heartbeat.written();
    if (before !== null) log.info('database.written');
    return;
  }
  const { detail } = written.error;
  heartbeat.failed(detail);
  if (detail !== before) log.error('database.not-written', { detail });
}
