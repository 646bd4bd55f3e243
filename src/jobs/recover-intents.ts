/**
 * Recovers open intents, which are issuances whose signature is not stored yet, within seconds
 * after a signer is available again or a dead run was ended. Each process recovers the intents of
 * its own run. Those of ended runs are recovered by one process at a time, because two processes
 * that did it at the same time would sign the same bytes twice.
 */
import { MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import { recoverIntents } from '../operations/issuance/recover.js';
import type { World } from '../operations/world.js';
import type { RunId } from '../ports/node.js';
import { CLUSTER_ITEMS, type RunJob, type SharedJob, valueOrThrow } from './job.js';

const EVERY_MS = 3 * SECOND_MS;
/**
 * A node that cannot recover the intents of an ended run, because its policy lacks their profile or
 * issuer, leaves them to other nodes. It tries again after this many periods.
 */
const RETRY_AFTER_PERIODS = 20;

export const recoverOwnIntentsJob: RunJob<World> = {
  name: 'own-intents',
  scope: 'run',
  roles: ['api', 'worker', 'console'],
  everyMs: EVERY_MS,
  isEssential: true,
  alsoRuns: [],
  prepare: (world) => ({ run: async () => void (await recoverIntents(world, 'own')) }),
};

export const recoverIntentsOfEndedRunsJob: SharedJob<World> = {
  name: 'recover-intents',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: EVERY_MS,
  isEssential: true,
  leaseDurationMs: 10 * SECOND_MS,
  budgetMs: MINUTE_MS,
  prepare: (world) => {
    let leftToOthers: ReadonlySet<RunId> = new Set();
    let periods = 0;
    return {
      due: async (reads) => {
        periods -= 1;
        if (periods <= 0) leftToOthers = new Set();
        const runs = await reads.endedRunsWithIntents(leftToOthers.size + 1);
        return runs.some((run) => !leftToOthers.has(run)) ? CLUSTER_ITEMS : [];
      },
      work: async ({ store }) => {
        const recovered = valueOrThrow(await recoverIntents({ ...world, store }, 'ended', leftToOthers));
        if (leftToOthers.size === 0) periods = RETRY_AFTER_PERIODS;
        leftToOthers = new Set([...leftToOthers, ...recovered.left]);
        return 'done';
      },
    };
  },
};
