/**
 * Finishes issuances that a request left open because a signer was down, within seconds after the
 * signer is available again.
 */
import { SECOND_MS } from '../kernel/duration.js';
import { recoverIntents } from '../operations/issuance/recover.js';
import type { World } from '../operations/world.js';
import type { Job } from './job.js';

/** Longer than any request waits for a signature: no request works on an intent that is older. */
export const REQUEST_MS_MAX = 10 * SECOND_MS;

export const recoverOpenIntents: Job<World> = {
  name: 'recover-intents',
  everyMs: 3 * SECOND_MS,
  leaseDurationMs: null,
  alsoRuns: [],
  prepare: (world) => ({ run: async () => void (await recoverIntents(world, { ageMs: REQUEST_MS_MAX })) }),
};
