/** The job that publishes lists before they end, as a scenario: what of it calls a port. */
import { createCrlPublication } from '../../../src/jobs/lists/crl-publication.js';
import { present } from '../../../src/kernel/assert.js';
import { DAY_MS, MINUTE_MS } from '../../../src/kernel/duration.js';
import { ok } from '../../../src/kernel/result.js';
import { publishCrl } from '../../../src/operations/crl/publish-crl.js';
import type { Answer, Scenario } from './scenarios.js';
import type { ServiceWorld } from './service.js';
import { ORGANISATIONS } from './stage.js';

/** Between the ages of a list of the stage and of one that was made since, at each moment after it (`LISTED`, `RESTARTED`). */
const DUE_MS = 30 * MINUTE_MS;

export const DUE: readonly Scenario[] = [
  {
    name: 'publish the list that is due, as the job does',
    operation: publishCrl,
    // To that job every list is due, the one that it has just made too.
    run: ({ world }) => publishWhatIsDue(world, { ...world, clock: () => world.clock() + 2 * DAY_MS }),
    // It comes round again: due is what was there before the first time, and still is.
    again: ({ world }) => {
      const { environment } = world.policy;
      const delta = { ...environment.crl.delta, periodMs: DUE_MS };
      const crl = { ...environment.crl, periodMs: DUE_MS, jitterMs: 0, delta };
      return publishWhatIsDue(world, { ...world, policy: { ...world.policy, environment: { ...environment, crl } } });
    },
  },
];

async function publishWhatIsDue(world: ServiceWorld, job: ServiceWorld): Promise<Answer> {
  const issuer = present(world.issuers.current(ORGANISATIONS), ORGANISATIONS);
  const issuers = { ...world.issuers, all: () => [issuer] };
  const publication = createCrlPublication({ ...job, issuers }, (id, kind) => publishCrl(world, id, kind));
  await publication.publishDue();
  await publication.stop();
  return ok([]);
}
