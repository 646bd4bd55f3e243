/**
 * Watches the clock while nothing is issued: advances the high-water mark, and raises an alarm when
 * the clock is set.
 */
import { CLOCK_BEHIND_MS_MAX, passClockMark } from '../operations/clock.js';
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
  readonly heartbeat: Pick<HeartbeatState, 'written' | 'failed'>;
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
    if (!passed.ok) {
      heartbeat.failed(passed.error.detail);
      return log.error('clock.not-watched', { detail: passed.error.detail });
    }
    heartbeat.written();
    if (passed.value > 0) log.error('clock.behind', { behindMs: passed.value });
    else if (wasBehind) log.info('clock.right');
    wasBehind = passed.value > 0;
  };
}
