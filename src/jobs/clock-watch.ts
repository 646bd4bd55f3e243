/** Looks after the clock while nobody asks for anything: the high-water mark goes on with it, and a step is an alarm. */
import { SECOND_MS } from '../kernel/duration.js';
import { CLOCK_BEHIND_MS_MAX, passClockMark } from '../operations/clock.js';
import type { Store } from '../ports/store.js';
import type { Clock, Log } from '../ports/world.js';
import { beat } from './heartbeat.js';

export const CLOCK_WATCH_EVERY_MS = 10 * SECOND_MS;

export type ClockWatch = { readonly look: () => Promise<void> };

type WatchedWorld = { readonly store: Store; readonly clock: Clock; readonly log: Log };

/** `steadyMs`: of a clock that nobody sets. */
export function createClockWatch({ store, clock, log }: WatchedWorld, steadyMs: () => number): ClockWatch {
  let last = { clock: clock(), steady: steadyMs() };
  let wasBehind = false;

  return {
    look: async () => {
      const now = { clock: clock(), steady: steadyMs() };
      const stepMs = Math.round(now.clock - last.clock - (now.steady - last.steady));
      last = now;
      if (Math.abs(stepMs) > CLOCK_BEHIND_MS_MAX) log.error('clock.stepped', { stepMs });
      const passed = await store.transaction(async (tx) => {
        await beat(tx);
        const behind = await passClockMark(tx, now.clock);
        const isBehind = behind > 0;
        if (isBehind !== wasBehind) {
          const type = isBehind ? 'clock.behind' : 'clock.right';
          const outcome = isBehind ? 'failure' : 'success';
          await tx.appendAudit([{ at: now.clock, type, actor: 'system', outcome, details: { behindMs: behind } }]);
        }
        return behind;
      });
      if (!passed.ok) return log.error('clock.not-watched', { detail: passed.error.detail });
      if (passed.value > 0) log.error('clock.behind', { behindMs: passed.value });
      else if (wasBehind) log.info('clock.right');
      wasBehind = passed.value > 0;
    },
  };
}
