/**
 * Deletes the counts of issued certificates that nothing needs any more, so that their tables do
 * not grow for ever: those of the pace of orders (`src/operations/issuance/pace.ts`), and those of
 * accounts (`quota.ts` beside it), which people read for a year.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import { orFail, type SharedJob, WHOLE } from '../job.js';

/** Twice the window of the pace, so that clocks that differ delete nothing that counts. */
const RETENTION_MS = 2 * HOUR_MS;
const ACCOUNT_RETENTION_MS = 400 * DAY_MS;

export const deleteIssuanceMinutes: SharedJob<unknown> = {
  name: 'issuance-minutes',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: HOUR_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: MINUTE_MS,
  isEssential: false,
  prepare: () => ({
    due: async () => WHOLE,
    work: async (leased) => {
      orFail(
        await leased.transaction(async (tx) => {
          const { now } = await tx.databaseClock();
          await tx.deleteIssuanceMinutes(Math.floor((now - RETENTION_MS) / MINUTE_MS));
          await tx.deleteAccountUse(Math.floor((now - ACCOUNT_RETENTION_MS) / HOUR_MS));
        }),
      );
      return 'done';
    },
  }),
};
