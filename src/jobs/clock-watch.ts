/**
 * Watches the clock while nothing is issued: advances the high-water mark, and raises an alarm when
 * the clock is set.
 */
import type { Result } from '../kernel/result.js';
import { CLOCK_BEHIND_MS_MAX, passClockMark } from '../operations/clock.js';
import type { StoreFailure } from '../ports/store/failure.js';
import type { Store } from '../ports/store.js';
import type { Clock, Log } from '../ports/world.js';
import { HEARTBEAT_EVERY_MS, type HeartbeatState, incrementHeartbeat } from './heartbeat.js';
import type { Job } from './job.js';

type ClockWatchParts = {
  readonly store: Store;
  readonly clock: Clock;
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
  readonly log: Log;
  readonly heartbeat: HeartbeatState;
};

export const watchClock: Job<ClockWatchParts> = {
  name: 'clock-watch',
  everyMs: HEARTBEAT_EVERY_MS,
  leaseDurationMs: null,
  alsoRuns: ['at-start'],
  prepare: (parts) => ({ run: startClockWatch(parts) }),
};

function startClockWatch({ store, clock, steadyMs, log, heartbeat }: ClockWatchParts): () => Promise<void> {
  let last = { clock: clock(), steady: steadyMs() };
  let wasBehind = false;

  return async () => {
    const now = { clock: clock(), steady: steadyMs() };
    const stepMs = Math.round(now.clock - last.clock - (now.steady - last.steady));
    last = now;
    if (Math.abs(stepMs) > CLOCK_BEHIND_MS_MAX) log.error('clock.stepped', { stepMs });
    const passed = await store.transaction(async (tx) => {
      await incrementHeartbeat(tx);
      const behindMs = await passClockMark(tx, now.clock);
      const isBehind = behindMs > 0;
      if (isBehind !== wasBehind) {
        const type = isBehind ? 'clock.behind' : 'clock.right';
        const outcome = isBehind ? 'failure' : 'success';
        await tx.appendAudit([{ at: now.clock, type, actor: 'system', outcome, details: { behindMs } }]);
      }
      return behindMs;
    });
    await noteHeartbeat(store, { heartbeat, log }, passed);
    if (!passed.ok) return;
    if (passed.value > 0) log.error('clock.behind', { behindMs: passed.value });
    else if (wasBehind) log.info('clock.right');
    wasBehind = passed.value > 0;
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
