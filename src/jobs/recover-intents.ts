/**
 * Finishes issuances that a request left open because a signer was down, within seconds after the
 * signer is available again.
 */
import { SECOND_MS } from '../kernel/duration.js';
import { recoverIntents } from '../operations/issuance/recover.js';
import type { World } from '../operations/world.js';
import type { RunJob } from './job.js';

/** Longer than any request waits for a signature: no request works on an intent that is older. */
export const REQUEST_MS_MAX = 10 * SECOND_MS;

export const recoverOpenIntents: RunJob<World> = {
  name: 'recover-intents',
  scope: 'run',
  role: 'all',
  everyMs: 3 * SECOND_MS,
  isEssential: true,
  alsoRuns: [],
  prepare: (world) => ({ run: async () => void (await recoverIntents(world, { ageMs: REQUEST_MS_MAX })) }),
};
