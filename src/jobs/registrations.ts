/**
 * Writes that registrations have ended, and erases the personal data of those that ended 30 days
 * ago. A registration whose end has passed is refused without this job too.
 */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import { eraseRegistrations, expireRegistrations } from '../operations/enrolment/expire.js';
import type { Clock } from '../ports/world.js';
import { type JobLease, orFail, type SharedJob, WHOLE } from './job.js';

type RegistrationParts = { readonly clock: Clock };

export const endRegistrations: SharedJob<RegistrationParts> = {
  name: 'registrations',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: HOUR_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: MINUTE_MS,
  isEssential: false,
  prepare: ({ clock }) => ({ due: async () => WHOLE, work: (leased) => endAndErase(leased, clock) }),
};

async function endAndErase({ store, mustEnd }: JobLease, clock: Clock): Promise<'done' | 'more'> {
  for (const work of [expireRegistrations, eraseRegistrations]) {
    let more = true;
    while (more) {
      if (mustEnd()) return 'more';
      more = orFail(await work({ store, clock }));
    }
  }
  return 'done';
}
