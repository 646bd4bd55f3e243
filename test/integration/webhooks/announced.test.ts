/**
 * Which certificates have an event of their own. Without this test an order of a hundred thousand
 * cards could send as many events as its lines have certificates.
 */
import assert from 'node:assert/strict';
import { STORE_SIGNATURES } from '../../../src/operations/issuance/store-signatures.js';
import { lineClaim } from '../../../src/orders/progress.js';
import type { IdempotencyClaim } from '../../../src/ports/store/idempotency.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { idOf, intent, NOW } from '../../support/db/records.js';
import { insertIntents } from '../../support/db/unaudited.js';

const ACCOUNT = 'card-management';

describeOnEach('events of issued certificates', ({ opened }) => {
  it('are published for those of requests, and not for those of lines of orders', async () => {
    const store = await opened();
    const claims: readonly IdempotencyClaim[] = [
      { account: ACCOUNT, route: 'POST /v1/certificates', key: 'one' },
      lineClaim(ACCOUNT, { orderId: idOf(9), line: 1 }),
    ];
    const requests = claims.map((claim, at) => {
      const record = intent(at + 1, { claim });
      const signed = [{ record, signature: Uint8Array.of(1) }];
      return { signed, actor: `account:${ACCOUNT}`, requestId: undefined, now: NOW, claim, line: null } as const;
    });
    const stored = await store.transaction(async (tx) => {
      await tx.claimIdempotency(
        claims.map((claim) => ({ claim, bodySha256: 'b'.repeat(64) })),
        NOW,
      );
      await insertIntents(
        tx,
        requests.flatMap(({ signed }) => signed.map(({ record }) => record)),
      );
      await STORE_SIGNATURES.run(tx, requests);
      return tx.eventsAfter({ after: 0, limit: 9 });
    });
    assert.deepEqual(
      unwrap(stored).map(({ topic, subject, account }) => [topic, subject, account]),
      [['certificate.issued', idOf(1), ACCOUNT]],
    );
  });
});
