/**
 * Finishes issuances that were left open, within seconds after a signer is available again or a
 * dead run was ended. Each process recovers its own; those of ended runs are recovered by one
 * process at a time. Two processes that did it at once would sign the same bytes twice.
 */
import { MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import { recoverIntents } from '../operations/issuance/recover.js';
import type { World } from '../operations/world.js';
import type { RunId } from '../ports/node.js';
import { orFail, type RunJob, type SharedJob, WHOLE } from './job.js';

const EVERY_MS = 3 * SECOND_MS;
/**
 * A node that cannot recover the intents of an ended run leaves them to other nodes, and tries
 * again after this many periods.
 */
const LEFT_PERIODS = 20;

export const recoverOwnIntents: RunJob<World> = {
  name: 'own-intents',
  scope: 'run',
  roles: ['api', 'worker', 'console'],
  everyMs: EVERY_MS,
  isEssential: true,
  alsoRuns: [],
  prepare: (world) => ({ run: async () => void (await recoverIntents(world, 'own')) }),
};

export const recoverEndedRuns: SharedJob<World> = {
  name: 'recover-intents',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: EVERY_MS,
  isEssential: true,
  leaseDurationMs: 10 * SECOND_MS,
  budgetMs: MINUTE_MS,
  prepare: (world) => {
    let left: ReadonlySet<RunId> = new Set();
    let periods = 0;
    return {
      due: async (reads) => {
        periods -= 1;
        if (periods <= 0) left = new Set();
        const runs = await reads.endedRunsWithIntents(left.size + 1);
        return runs.some((run) => !left.has(run)) ? WHOLE : [];
      },
      work: async ({ store }) => {
        const recovered = orFail(await recoverIntents({ ...world, store }, 'ended', left));
        if (left.size === 0) periods = LEFT_PERIODS;
        left = new Set([...left, ...recovered.left]);
        return 'done';
      },
    };
  },
};
