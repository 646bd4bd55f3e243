/**
 * Events about certificates that are about to end. Without these tests a holder could lose a
 * certificate without notice, or get the same notice again and again.
 */
import assert from 'node:assert/strict';
import { announceExpiryJob } from '../../../src/jobs/announce-expiry.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { rawDatabase } from '../../support/db/raw.js';
import { certify, DAY_MS, idOf, intent, NOW } from '../../support/db/records.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';

describeOnEach('the notices before the end of certificates', ({ fresh, opened }) => {
  it('are published 90, 30 and 7 days ahead, once for each live certificate', async () => {
    const database = await fresh();
    let now = NOW;
    const store: Store = await opened({ database, clock: () => now });
    const revoked = { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } as const;
    const suspended = { status: 'suspended', at: NOW, invalidityDate: null } as const;
    const run = async (): Promise<readonly string[]> => {
      await workDue(announceExpiryJob, null, sharedWorldOf(store));
      const raw = await rawDatabase(database);
      const rows = await raw.all('select subject, account_id, body from outbox order by id');
      await raw.close();
      return rows.map(({ subject, account_id: account, body }) => {
        assert.equal(account, 'card-management');
        return `${subject} ${(JSON.parse(String(body)) as { data: { days: number } }).data.days}`;
      });
    };
    await run();
    // As many end in the same second as two transactions have place for.
    const many = Array.from({ length: 600 }, (_, at) => at + 10);
    unwrap(
      await store.transaction(async (tx) => {
        for (const number of many) await certify(tx, intent(number, { notAfter: NOW + 100 * DAY_MS }));
        await certify(tx, intent(1, { notAfter: NOW + 100 * DAY_MS }), revoked);
        await certify(tx, intent(2, { notAfter: NOW + 100 * DAY_MS }), suspended);
        await certify(tx, intent(3, { notAfter: NOW + 40 * DAY_MS }));
        await certify(tx, intent(4, { notAfter: NOW + 400 * DAY_MS }));
      }),
    );
    now = NOW + 10 * DAY_MS - 1;
    assert.deepEqual(await run(), []);
    now = NOW + 10 * DAY_MS;
    const first = await run();
    assert.deepEqual(first, [...[2, ...many].map((number) => `${idOf(number)} 90`), `${idOf(3)} 30`]);
    assert.equal((await run()).length, first.length, 'none is published twice');
    now = NOW + 35 * DAY_MS;
    assert.deepEqual((await run()).slice(first.length), [`${idOf(3)} 7`]);
    now = NOW + 99 * DAY_MS;
    const later = (await run()).slice(first.length + 1);
    assert.equal(later.length, 2 * (many.length + 1), 'after an outage both are published');
  });
});
