/**
 * Writes at short intervals that this run is alive. If other processes have ended the run, this
 * process stops, because they have its intents and leases now. If the row of the run is missing, an
 * older database was put in place, so the run is inserted again, and revocations are relearned from
 * the published CRLs.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import type { Store } from '../../ports/store.js';
import type { Clock, Log } from '../../ports/world.js';
import type { RunJob } from '../job.js';
import { beginRun, type RunWorld } from './run-record.js';

const EVERY_MS = 2 * SECOND_MS;
/**
 * The period where no other process watches this run. It is longer, because SQLite writes each
 * heartbeat to the disk at once.
 */
const ALONE_EVERY_MS = 10 * SECOND_MS;

/** Writes the heartbeats of this run, and knows how old the last one is. */
export type Heartbeat = {
  readonly beat: () => Promise<void>;
  readonly everyMs: number;
  /** Returns the milliseconds since the last heartbeat that was written, by the monotonic clock. */
  readonly ageMs: () => number;
};

type HeartbeatWorld = RunWorld & {
  readonly store: Pick<Store, 'heartbeat'>;
  readonly clock: Clock;
  readonly steadyMs: () => number;
  readonly log: Log;
  /** Whether other processes may end this run. */
  readonly isShared: boolean;
  /**
   * Stops the process, because other processes have ended its run. It is called again at each later
   * heartbeat.
   */
  readonly ended: () => void;
  /** Called when an older database was put in place: revocations have to be relearned. */
  readonly replaced: () => void;
};

/** Creates the heartbeat of a run, whose start counts as the first heartbeat that was written. */
export function createHeartbeat(world: HeartbeatWorld): Heartbeat {
  const { store, clock, steadyMs, log, self } = world;
  let lastWrittenAt = steadyMs();
  return {
    everyMs: world.isShared ? EVERY_MS : ALONE_EVERY_MS,
    ageMs: () => steadyMs() - lastWrittenAt,
    beat: async () => {
      const began = steadyMs();
      const found = await store.heartbeat(self.run, clock());
      // The failure is not logged here, because the job `clock-watch` logs why nothing can be
      // written.
      if (!found.ok) return;
      switch (found.value) {
        case 'written':
          lastWrittenAt = began;
          return;
        case 'run-ended':
          log.error('node.run-ended', { run: self.run });
          world.ended();
          return;
        case 'run-missing': {
          const begun = await beginRun(world);
          if (!begun.ok) return log.error('node.run-missing', { run: self.run, detail: begun.error.detail });
          log.error('node.run-missing', {
            run: self.run,
            detail: 'an older database is in place: the run is there again',
          });
          world.replaced();
        }
      }
    },
  };
}

export const writeHeartbeatJob: RunJob<{ readonly heartbeat: Heartbeat }> = {
  name: 'heartbeat',
  scope: 'run',
  roles: ['api', 'worker', 'console'],
  everyMs: EVERY_MS,
  isEssential: false,
  alsoRuns: [],
  prepare: ({ heartbeat: { beat, everyMs } }) => ({ run: beat, everyMs }),
};
