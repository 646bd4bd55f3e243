/** The port calls of the job that publishes CRLs before they end, as a scenario. */
import { createCrlPublication, publishCrlsJob } from '../../../../src/jobs/lists/crl-publication.js';
import { present } from '../../../../src/kernel/assert.js';
import { DAY_MS, MINUTE_MS } from '../../../../src/kernel/duration.js';
import { ok } from '../../../../src/kernel/result.js';
import { publishCrl } from '../../../../src/operations/crl/publish-crl.js';
import { stillWorldOf, workDue } from '../../../support/job-run.js';
import type { ServiceWorld } from '../service.js';
import { ORGANISATIONS } from '../stage.js';
import type { Answer, Scenario } from './all.js';

/**
 * Between the age of a CRL of the stage and that of one that was made since, at any later moment
 * (`LISTED`, `RESTARTED`).
 */
const DUE_MS = 30 * MINUTE_MS;

export const DUE: readonly Scenario[] = [
  {
    name: 'publish the list that is due, as the job does',
    operation: publishCrl,
    // For this job every CRL is due, even the one that it has just made.
    run: ({ world }) => publishWhatIsDue(world, { ...world, clock: () => world.clock() + 2 * DAY_MS }),
    // The next run of the job: what was due before the first run is still due.
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
  const crls = createCrlPublication({
    ...job,
    issuers,
    steadyMs: () => performance.now(),
    publish: (store, id, kind) => publishCrl({ ...world, store }, id, kind),
    beginPublication: () => () => undefined,
    wake: () => undefined,
  });
  await workDue(publishCrlsJob, { crls }, stillWorldOf(world.store));
  await crls.stop();
  return ok([]);
}
