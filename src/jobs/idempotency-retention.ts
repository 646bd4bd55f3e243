/**
 * Deletes finished idempotency claims after 30 days, so that the table does not grow for ever. From
 * then on, a request under the same key is a new request. Claims in progress are kept.
 */
import { DAY_MS, HOUR_MS } from '../kernel/duration.js';
import type { World } from '../operations/world.js';
import type { Job } from './job.js';

const RETENTION_MS = 30 * DAY_MS;
/** Other transactions wait for the end of this one. */
const CLAIMS_PER_TRANSACTION = 1_000;

export const endIdempotencyClaims: Job<Pick<World, 'store' | 'clock'>> = {
  name: 'idempotency-retention',
  everyMs: HOUR_MS,
  leaseDurationMs: null,
  alsoRuns: [],
  prepare: ({ store, clock }) => ({
    run: async () => {
      for (;;) {
        const deleted = await store.transaction((tx) =>
          tx.deleteFinishedClaims(clock() - RETENTION_MS, CLAIMS_PER_TRANSACTION),
        );
        // If the database is not available, the next run goes on.
        if (!deleted.ok || deleted.value < CLAIMS_PER_TRANSACTION) return;
      }
    },
  }),
};
