import assert from 'node:assert/strict';
import type { CrlRecord, CrlScope } from '../../../src/ports/store/crls.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, DAY_MS, ISSUER, intent, NOW, OTHER_ISSUER } from '../../support/db/records.js';

const REVOKED = { status: 'revoked', at: NOW, reason: 'keyCompromise', invalidityDate: null } as const;

const MADE = {
  tbsSha256: 'a'.repeat(64),
  sha256: 'a'.repeat(64),
  sizeBytes: 1,
  entries: 0,
  seen: { change: 0, listedSince: 0 },
};

/** Reserves CRLs of one series one after the other, each with the state that is given for it. */
async function publish(
  store: Store,
  series: Pick<CrlRecord, 'issuer' | 'scope'>,
  states: readonly CrlRecord['state'][],
): Promise<void> {
  for (const state of states)
    unwrap(
      await store.transaction(async (tx) => {
        const crl = await tx.reserveCrl({ ...series, thisUpdate: NOW, nextUpdate: NOW + DAY_MS });
        if (state === 'published') await tx.updateCrl({ ...crl, state, ...MADE });
        if (state === 'abandoned') await tx.updateCrl({ ...crl, state });
      }),
    );
}

describeOnEach('the latest CRLs of several series', ({ opened }) => {
  it('are those that one read of each series finds, in the order of the request', async () => {
    const store = await opened();
    await publish(store, { issuer: ISSUER, scope: 'full' }, ['published', 'published', 'abandoned', 'reserved']);
    await publish(store, { issuer: ISSUER, scope: 'full-1' }, ['published']);
    await publish(store, { issuer: OTHER_ISSUER, scope: 'full' }, ['reserved']);
    await publish(store, { issuer: OTHER_ISSUER, scope: 'delta' }, ['published']);
    const scopes: readonly CrlScope[] = ['delta', 'full-1', 'full', 'full-0'];
    const series = scopes.flatMap((scope) => [OTHER_ISSUER, ISSUER].map((issuer) => ({ issuer, scope })));
    const [together, each] = unwrap(
      await store.read(async (reads) => {
        const found: (CrlRecord | null)[] = [];
        for (const { issuer, scope } of series) found.push(await reads.latestCrl(issuer, scope));
        return [await reads.latestCrls(series), found] as const;
      }),
    );
    assert.deepEqual(together, each);
    assert.deepEqual(
      together.map((crl) => crl?.number ?? null),
      [2, null, null, 1, null, 2, null, null],
    );
  });

  it('are found for more series than one statement names', async () => {
    const store = await opened();
    await publish(store, { issuer: ISSUER, scope: 'full-899' }, ['published']);
    const series = Array.from({ length: 900 }, (_, at) => ({ issuer: ISSUER, scope: `full-${at}` as CrlScope }));
    const latest = unwrap(await store.read((reads) => reads.latestCrls(series)));
    assert.equal(latest.length, 900);
    assert.equal(
      latest.findLastIndex((crl) => crl !== null),
      899,
    );
    assert.deepEqual(unwrap(await store.read((reads) => reads.latestCrls([]))), []);
  });
});

describeOnEach('the last changes of several issuers', ({ opened }) => {
  it('are in the order of the request, and 0 for an issuer without a change', async () => {
    const store = await opened();
    const changes = (issuers: readonly (typeof ISSUER)[]) => store.read((reads) => reads.lastChanges(issuers));
    assert.deepEqual(unwrap(await changes([ISSUER, OTHER_ISSUER])), [0, 0]);
    unwrap(await store.transaction((tx) => certify(tx, intent(1), REVOKED)));
    const [change = 0] = unwrap(await changes([ISSUER]));
    assert.ok(change > 0);
    assert.deepEqual(unwrap(await changes([OTHER_ISSUER, ISSUER])), [0, change]);
    assert.deepEqual(unwrap(await changes([])), []);
  });
});
