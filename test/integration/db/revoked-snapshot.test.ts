import assert from 'node:assert/strict';
import type { RevokedEntry, RevokedSnapshot } from '../../../src/ports/store/crls.js';
import type { StoredState } from '../../../src/ports/store/statuses.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, DAY_MS, ISSUER, idOf, intent, NOW, OTHER_ISSUER, serialOf } from '../../support/db/records.js';
import { insertIntents, setState } from '../../support/db/unaudited.js';
import { until } from '../../support/until.js';

const REQUEST = { issuer: ISSUER, partition: null, thisUpdate: NOW };
const REVOKED = { status: 'revoked', at: NOW, reason: 'keyCompromise', invalidityDate: null } as const;

async function listed(snapshot: RevokedSnapshot): Promise<readonly RevokedEntry[]> {
  const all: RevokedEntry[] = [];
  for await (const page of snapshot.entries()) all.push(...page);
  return all;
}

async function serials(store: Store, thisUpdate: number): Promise<readonly string[]> {
  const all = unwrap(await store.revokedSnapshot({ issuer: ISSUER, partition: null, thisUpdate }, listed));
  return all.map(({ serial }) => serial);
}

async function publish(store: Store, thisUpdate: number): Promise<void> {
  unwrap(
    await store.transaction(async (tx) => {
      const crl = await tx.reserveCrl({ issuer: ISSUER, thisUpdate, nextUpdate: thisUpdate + DAY_MS });
      const digest = 'a'.repeat(64);
      const seen = { change: (await tx.lastChanges([ISSUER]))[0] ?? 0, listedSince: 0 };
      const made = { tbsSha256: digest, sha256: digest, sizeBytes: 1, entries: 0, seen };
      await tx.updateCrl({ ...crl, state: 'published', ...made });
    }),
  );
}

describeOnEach('the list of the revoked', ({ opened }) => {
  it('has the revoked, the suspended and the given-up of one issuer, ascending, and counts what it encodes', async () => {
    const store = await opened();
    const states: readonly StoredState[] = [
      REVOKED,
      { status: 'issued' },
      { status: 'suspended', at: NOW - 1, invalidityDate: NOW - 9 },
      { status: 'revoked', at: NOW, reason: 'unspecified', invalidityDate: NOW - 8 },
      { status: 'open' },
    ];
    unwrap(
      await store.transaction(async (tx) => {
        for (const [at, state] of [...states.entries()].reverse()) await certify(tx, intent(at), state);
        await insertIntents(tx, [intent(8)]);
        await setState(tx, idOf(8), [
          { ...REVOKED, reason: 'unspecified' },
          { at: NOW, actor: 'system' },
        ]);
        await certify(tx, intent(20, { issuer: OTHER_ISSUER }), REVOKED);
      }),
    );
    const outcome = await store.revokedSnapshot(
      { issuer: ISSUER, partition: null, thisUpdate: NOW + 1 },
      async (snapshot) => ({
        count: await snapshot.count(),
        entries: await listed(snapshot),
      }),
    );
    assert.deepEqual(unwrap(outcome), {
      count: { entries: 4, encodedReasons: 2, encodedDates: 2 },
      entries: [
        { serial: serialOf(0), at: NOW, reason: 'keyCompromise', invalidityDate: null },
        { serial: serialOf(2), at: NOW - 1, reason: 'certificateHold', invalidityDate: NOW - 9 },
        { serial: serialOf(3), at: NOW, reason: 'unspecified', invalidityDate: NOW - 8 },
        { serial: serialOf(8), at: NOW, reason: 'unspecified', invalidityDate: null },
      ],
    });
  });

  it('an empty list is empty', async () => {
    const store = await opened();
    const count = await store.revokedSnapshot({ issuer: ISSUER, partition: null, thisUpdate: NOW }, (snapshot) =>
      snapshot.count(),
    );
    assert.deepEqual(unwrap(count), { entries: 0, encodedReasons: 0, encodedDates: 0 });
    assert.deepEqual(await serials(store, NOW), []);
  });

  it('sees one moment, page after page, while others revoke and release; the next one sees what they did', async () => {
    const store = await opened();
    const many = Array.from({ length: 4_500 }, (_, at) => intent(2 * at));
    unwrap(
      await store.transaction(async (tx) => {
        await insertIntents(tx, many);
        for (const { id } of many.slice(0, 4_400)) await setState(tx, id, [REVOKED, { at: NOW, actor: 'system' }]);
      }),
    );
    const outcome = await store.revokedSnapshot(
      { issuer: ISSUER, partition: null, thisUpdate: NOW },
      async (snapshot) => {
        const before = await snapshot.count();
        const seen: RevokedEntry[] = [];
        const sizes: number[] = [];
        let born = 0;
        for await (const page of snapshot.entries()) {
          sizes.push(page.length);
          seen.push(...page);
          const written = await store.transaction(async (tx) => {
            born += 1;
            await certify(tx, intent(8_000 + 2 * born + 1), REVOKED);
            for (const { id } of many.slice(4_400 + 10 * born, 4_410 + 10 * born)) {
              await setState(tx, id, [REVOKED, { at: NOW, actor: 'account:officer-1' }]);
            }
          });
          assert.ok(written.ok);
        }
        return { before, after: await snapshot.count(), again: await listed(snapshot), seen, sizes };
      },
    );
    const { before, after, again, seen, sizes } = unwrap(outcome);
    assert.equal(before.entries, 4_400);
    assert.deepEqual(after, before);
    assert.deepEqual(sizes, [2_000, 2_000, 400]);
    assert.deepEqual(again, seen);
    assert.deepEqual(
      seen.map(({ serial }) => serial),
      many.slice(0, 4_400).map(({ serial }) => serial),
    );
    const next = await store.revokedSnapshot({ issuer: ISSUER, partition: null, thisUpdate: NOW }, (snapshot) =>
      snapshot.count(),
    );
    assert.equal(unwrap(next).entries, 4_400 + 3 + 30);
  });

  it('an entry stays until a list issued a day and more beyond its certificate’s end has had it', async () => {
    const store = await opened();
    const end = NOW + 1_000 * DAY_MS;
    unwrap(await store.transaction((tx) => certify(tx, intent(1), REVOKED)));
    assert.deepEqual(await serials(store, end + 30 * DAY_MS), [serialOf(1)], 'it has never been on a list');
    await publish(store, end - DAY_MS);
    assert.deepEqual(await serials(store, end + 1), [serialOf(1)], 'none beyond its end yet');
    await publish(store, end + 1);
    assert.deepEqual(await serials(store, end + DAY_MS), [serialOf(1)], 'the last one may have been an extra one');
    await publish(store, end + 2 * DAY_MS);
    assert.deepEqual(await serials(store, end + 2 * DAY_MS), [serialOf(1)], 'a list is not its own predecessor');
    assert.deepEqual(await serials(store, end + 3 * DAY_MS), []);
  });

  it('one revoked after its end is listed too', async () => {
    const store = await opened();
    const end = NOW + 1_000 * DAY_MS;
    await publish(store, end + 40 * DAY_MS);
    const late = { ...REVOKED, at: end + 50 * DAY_MS };
    unwrap(await store.transaction((tx) => certify(tx, intent(1), late)));
    assert.deepEqual(await serials(store, end + 51 * DAY_MS), [serialOf(1)]);
    await publish(store, end + 52 * DAY_MS);
    assert.deepEqual(await serials(store, end + 53 * DAY_MS), []);
  });

  it('what its use throws is thrown on, and the connection is given back', async () => {
    const store = await opened({ limits: { snapshotsMax: 1 } });
    const bug = new Error('the encoder failed');
    for (let turn = 0; turn < 3; turn += 1)
      await assert.rejects(
        store.revokedSnapshot(REQUEST, () => Promise.reject(bug)),
        bug,
      );
    unwrap(await store.revokedSnapshot(REQUEST, (snapshot) => snapshot.count()));
  });

  it('one more at once than there are connections for is told that none became free', async () => {
    const store = await opened({ limits: { snapshotsMax: 1, waitMsMax: 500 } });
    const refusals: string[] = [];
    // On a busy machine the first one may not get its connection in time either.
    await until('the only connection is in use', async () => {
      const first = await store.revokedSnapshot(REQUEST, async () => {
        const second = await store.revokedSnapshot(REQUEST, (snapshot) => snapshot.count());
        refusals.push(second.ok ? 'it got one' : second.error.detail);
      });
      return first.ok;
    });
    assert.match(refusals.join(), /^no connection became free in time$/);
  });
});
