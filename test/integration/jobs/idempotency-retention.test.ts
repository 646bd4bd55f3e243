/**
 * How long finished idempotency claims are kept. Without the job, the table has a row for each
 * request of all years, and without its limit, a client that retries gets a second certificate.
 */
import assert from 'node:assert/strict';
import { deleteOldIdempotencyClaimsJob } from '../../../src/jobs/idempotency-retention.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { NOW } from '../../support/db/records.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';

describeOnEach('idempotency claims', ({ opened }) => {
  it('are deleted 30 days after they were made, if they are finished, and not before', async () => {
    const store = await opened();
    const claimOf = (key: string) => ({ account: 'card-management', route: 'POST /v1/certificates', key });
    const request = (key: string) => ({ claim: claimOf(key), bodySha256: 'b'.repeat(64) });
    // More than one transaction deletes.
    const old = Array.from({ length: 1_500 }, (_, at) => `old-${at}`);
    const groups = [
      { keys: old, days: 31, isFinished: true },
      { keys: ['in-progress'], days: 31, isFinished: false },
      { keys: ['recent'], days: 29, isFinished: true },
    ];
    for (const { keys, days, isFinished } of groups)
      unwrap(
        await store.transaction(async (tx) => {
          await tx.claimIdempotency(keys.map(request), NOW - days * DAY_MS);
          if (isFinished) await tx.finishClaims(keys.map((key) => ({ claim: claimOf(key), result: null })));
        }),
      );
    assert.deepEqual(await workDue(deleteOldIdempotencyClaimsJob, {}, sharedWorldOf(store)), ['done']);
    const kinds = async (keys: readonly string[]): Promise<ReadonlySet<string>> => {
      const outcomes = unwrap(await store.read((reads) => reads.peekClaims(keys.map(request))));
      return new Set(outcomes.map((outcome) => outcome.kind));
    };
    // `claimed`: the key is unused.
    assert.deepEqual(await kinds(old), new Set(['claimed']));
    assert.deepEqual(await kinds(['in-progress']), new Set(['in-progress']));
    assert.deepEqual(await kinds(['recent']), new Set(['done']));
  });
});
