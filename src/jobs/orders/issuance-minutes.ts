/**
 * Deletes the counts of issued certificates that the pace of orders no longer needs
 * (`src/operations/issuance/pace.ts`), so that the table does not grow for ever.
 */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import { orFail, type SharedJob, WHOLE } from '../job.js';

/** Twice the window of the pace, so that clocks that differ delete nothing that counts. */
const RETENTION_MS = 2 * HOUR_MS;

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
        }),
      );
      return 'done';
    },
  }),
};
