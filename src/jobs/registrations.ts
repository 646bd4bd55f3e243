/**
 * Marks registrations as expired when their time has passed, and erases the personal data of those
 * that ended 30 days ago. Safety does not depend on this job: a registration whose time has passed
 * is refused in any case.
 */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import { eraseRegistrations, expireRegistrations } from '../operations/enrolment/expire.js';
import type { Clock } from '../ports/world.js';
import { CLUSTER_ITEMS, type JobLease, type SharedJob, valueOrThrow } from './job.js';

type RegistrationParts = { readonly clock: Clock };

export const endRegistrationsJob: SharedJob<RegistrationParts> = {
  name: 'registrations',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: HOUR_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: MINUTE_MS,
  isEssential: false,
  prepare: ({ clock }) => ({ due: async () => CLUSTER_ITEMS, work: (leased) => endAndErase(leased, clock) }),
};

async function endAndErase({ store, mustEnd }: JobLease, clock: Clock): Promise<'done' | 'more'> {
  for (const work of [expireRegistrations, eraseRegistrations]) {
    let more = true;
    while (more) {
      if (mustEnd()) return 'more';
      more = valueOrThrow(await work({ store, clock }));
    }
  }
  return 'done';
}
