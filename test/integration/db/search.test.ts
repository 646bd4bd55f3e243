import assert from 'node:assert/strict';
import fc from 'fast-check';
import { outOfScope, subjectOf } from '../../../src/access/decide.js';
import { recordIdFrom } from '../../../src/issuance/intent.js';
import { statusOf } from '../../../src/lifecycle/certificate-states.js';
import { lineClaim } from '../../../src/orders/progress.js';
import type { AccountScope } from '../../../src/ports/store/accounts.js';
import {
  CERTIFICATE_SORTS,
  type CertificateFilter,
  type CertificateRecord,
} from '../../../src/ports/store/certificates.js';
import type { Store } from '../../../src/ports/store.js';
import { type DatabaseKind, describeOnEach, unwrap } from '../../support/db/fixture.js';
import { rawDatabase } from '../../support/db/raw.js';
import { certify, DAY_MS, idOf, intent, NOW, OTHER_ISSUER } from '../../support/db/records.js';
import { insertIntents } from '../../support/db/unaudited.js';

const REVOKED = { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } as const;
const ORDER = '01a00000-0000-7000-8000-000000000001';
const SUSPENDED = { status: 'suspended', at: NOW, invalidityDate: null } as const;

async function find(store: Store, filter: Partial<CertificateFilter>) {
  return unwrap(unwrap(await store.read((reads) => reads.search({ now: NOW, limit: 200, ...filter }))));
}

/** Certificates for everything that a filter or a scope can distinguish. */
async function fill(store: Store): Promise<{ store: Store; records: readonly CertificateRecord[] }> {
  const server = (names: readonly string[], emails: readonly string[] = []) => ({
    profile: 'elementaire/serv-ssl',
    structureId: '10B1',
    holder: { kind: 'server', names, emails },
    holderId: names[0] ?? '',
  });
  const drafts: readonly Partial<CertificateRecord>[] = [
    {},
    { profile: 'fort/cps-signature', cardTokenId: '8025000001/1' },
    {
      profile: 'standard/cpe-signature',
      structureId: '10B1',
      cardTokenId: '8025000001/2',
      holderId: '30B1/A',
      claim: lineClaim('card-management', { orderId: ORDER, line: 7 }),
    },
    { profile: 'standard/cpe-authentication', structureId: '10B2', issuer: OTHER_ISSUER, holderId: '30B2/A' },
    { profile: 'fort_x/odd', notAfter: NOW - DAY_MS, notBefore: NOW - 2 * DAY_MS },
    { ...server(['lps.example.org', 'www.example.org']) },
    { ...server(['lps.example.org', 'lps.example.net']) },
    { ...server(['badexample.org']), notAfter: NOW - 1_000, notBefore: NOW - DAY_MS },
    { ...server(['a_b.example.com'], ['x@mail.example.org']), structureId: '10B2' },
    { ...server(['axb.example.com']) },
  ];
  const states = [{ status: 'issued' }, REVOKED, SUSPENDED] as const;
  const records: CertificateRecord[] = [];
  await store.transaction(async (tx) => {
    for (const [at, draft] of drafts.entries()) {
      records.push(await certify(tx, intent(at + 1, draft), states[at % 3]));
    }
    await insertIntents(tx, [intent(90), intent(91)]);
  });
  return { store, records: records.reverse() };
}

/** Copies a certificate under other ids, faster than statements of the program would. */
function copiesOf(kind: DatabaseKind, { of, from, to }: { of: string; from: number; to: number }): string {
  const hex = kind === 'sqlite' ? `printf('%012x', n)` : `lpad(to_hex(n), 12, '0')`;
  const columns = `issuer, status, not_before, not_after, created_at, intent_seq, issued_seq, profile, policy_digest,
    holder_id, spki_sha256, account_id, becomes, holder, card, identity, signature, tbs`;
  return `insert into certificates (id, serial, ${columns})
    with recursive numbers (n) as (select ${from} union all select n + 1 from numbers where n < ${to})
    select '00000000-0000-7000-8000-' || ${hex}, ${hex}, ${columns} from certificates, numbers where id = '${of}'`;
}

describeOnEach('search', ({ kind, fresh, opened }) => {
  const filled = async () => fill(await opened());

  it('each filter finds what it says, newest first, and no open intent', async () => {
    const { store, records } = await filled();
    const ids = async (filter: Partial<CertificateFilter>) => (await find(store, filter)).items.map(({ id }) => id);
    const expect = (keep: (record: CertificateRecord) => boolean) => records.filter(keep).map(({ id }) => id);
    assert.deepEqual(await find(store, {}), { items: records, next: null });
    assert.deepEqual(await ids({ cardTokenId: '8025000001/2' }), [idOf(3)]);
    assert.deepEqual(await ids({ holderId: '30B2/A' }), [idOf(4)]);
    assert.deepEqual(
      await ids({ structureId: '10B2' }),
      expect(({ structureId }) => structureId === '10B2'),
    );
    assert.deepEqual(await ids({ issuer: OTHER_ISSUER }), [idOf(4)]);
    assert.deepEqual(await ids({ authority: 'aci-el-org' }), [idOf(4)]);
    assert.deepEqual(await ids({ authority: 'aci-el-org', serials: [intent(4).serial, '00'] }), [idOf(4)]);
    assert.deepEqual(await ids({ serials: [] }), []);
    assert.deepEqual(await ids({ profile: 'fort/cps-signature' }), [idOf(2)]);
    assert.deepEqual(await ids({ orderId: ORDER }), [idOf(3)]);
    assert.deepEqual(await ids({ expiresFrom: NOW - DAY_MS, expiresBefore: NOW }), [idOf(8), idOf(5)]);
    assert.deepEqual(
      await ids({ expiresFrom: NOW }),
      expect(({ notAfter }) => notAfter >= NOW),
    );
    assert.deepEqual(await ids({ authority: 'aci-el' }), []);
    assert.deepEqual(
      await ids({ expiresBefore: NOW }),
      expect(({ notAfter }) => notAfter < NOW),
    );
    for (const status of ['pending', 'issued', 'suspended', 'revoked', 'expired'] as const) {
      assert.deepEqual(
        await ids({ status }),
        expect((record) => statusOf(record, NOW) === status),
        status,
      );
    }
  });

  it('a summary has what the record has, and no name', async () => {
    const { store, records } = await filled();
    const page = unwrap(unwrap(await store.read((reads) => reads.searchSummaries({ now: NOW, limit: 200 }))));
    for (const [at, summary] of page.items.entries()) {
      assert.deepEqual({ ...records[at], ...summary }, records[at]);
      assert.ok(!('holder' in summary) && !('tbs' in summary) && !('identity' in summary));
    }
    assert.equal(page.items.length, records.length);
  });

  it('a period of issuance has both of its ends, to the millisecond', async () => {
    const store = await opened();
    const times = [NOW - 1, NOW, NOW + 1, NOW + 2];
    const born = times.map((at, number) =>
      intent(number + 1, { id: recordIdFrom(at, new Uint8Array(10).fill(number)), createdAt: at }),
    );
    unwrap(
      await store.transaction(async (tx) => {
        for (const one of born) await certify(tx, one);
      }),
    );
    const found = await find(store, { issuedFrom: NOW, issuedUntil: NOW + 1 });
    assert.deepEqual(
      found.items.map(({ createdAt }) => createdAt),
      [NOW + 1, NOW],
    );
    const byEnd = await find(store, { issuedFrom: NOW, issuedUntil: NOW + 1, sort: 'notAfter' });
    assert.deepEqual(byEnd.items, found.items.toReversed());
    assert.equal((await find(store, { issuedUntil: NOW - 1, expiresFrom: NOW })).items.length, 1);
  });

  it('examines a limited number of rows for a page, and goes on after them', async () => {
    const database = await fresh();
    const store = await opened({ database });
    const rare = { profile: 'standard/cpe-signature', notAfter: NOW + 1 };
    const [first, last] = [intent(1, rare), intent(20_000, rare)];
    unwrap(await store.transaction((tx) => certify(tx, first)));
    unwrap(await store.transaction((tx) => certify(tx, intent(2))));
    const raw = await rawDatabase(database);
    await raw.all(copiesOf(kind, { of: idOf(2), from: 3, to: 12_000 }));
    await raw.close();
    unwrap(await store.transaction((tx) => certify(tx, last)));
    // No index is of the holders that the account sees.
    const scope = { profiles: ['standard/*'], structures: ['*'], domains: ['*'], holders: ['*'] };
    for (const filter of [{ scope }, { scope, expiresFrom: NOW }] as const) {
      const found: string[] = [];
      const sizes: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await find(store, { ...filter, limit: 50, cursor });
        sizes.push(page.items.length);
        found.push(...page.items.map(({ id }) => id));
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      assert.deepEqual(found.sort(), [first.id, last.id]);
      assert.equal(sizes.length, 2, 'two parts of the table');
    }
  });

  it('pages are full, join without a gap or a repetition, and end', async () => {
    const { store, records } = await filled();
    for (const limit of [1, 3, 5, 10, 11]) {
      const seen: CertificateRecord[] = [];
      let cursor: string | undefined;
      do {
        const page = await find(store, { limit, cursor });
        assert.ok(page.items.length === limit || page.next === null);
        seen.push(...page.items);
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      assert.deepEqual(seen, records);
    }
  });

  it('the order that is asked for is that of all pages, whatever else is asked for', async () => {
    const { store, records } = await filled();
    const ends = (one: CertificateRecord, other: CertificateRecord) =>
      one.notAfter - other.notAfter || (one.id < other.id ? -1 : 1);
    const orders = {
      issuedAt: records.toReversed(),
      '-issuedAt': records,
      notAfter: records.toSorted(ends),
      '-notAfter': records.toSorted(ends).reverse(),
    };
    const { holderId } = intent(1);
    const filters: readonly (readonly [Partial<CertificateFilter>, (record: CertificateRecord) => boolean])[] = [
      [{}, () => true],
      [{ holderId }, (one) => one.holderId === holderId],
      [{ structureId: '10B1' }, (one) => one.structureId === '10B1'],
      [{ profile: 'elementaire/serv-ssl' }, (one) => one.profile === 'elementaire/serv-ssl'],
      [{ expiresFrom: NOW }, (one) => one.notAfter >= NOW],
      [{ expiresBefore: NOW }, (one) => one.notAfter < NOW],
      [{ issuedUntil: NOW }, () => true],
    ];
    for (const sort of CERTIFICATE_SORTS)
      for (const [filter, keep] of filters) {
        const seen: CertificateRecord[] = [];
        let cursor: string | undefined;
        do {
          const page = await find(store, { ...filter, sort, limit: 3, cursor });
          seen.push(...page.items);
          cursor = page.next ?? undefined;
        } while (cursor !== undefined);
        assert.deepEqual(seen, orders[sort].filter(keep), `${sort} of ${JSON.stringify(filter)}`);
      }
  });

  it('a cursor of another order is refused', async () => {
    const { store } = await filled();
    for (const sort of CERTIFICATE_SORTS) {
      const { next } = await find(store, { limit: 1, sort });
      for (const other of CERTIFICATE_SORTS) {
        const page = unwrap(
          await store.read((reads) => reads.search({ now: NOW, limit: 1, sort: other, cursor: next ?? '' })),
        );
        assert.equal(page.ok, other === sort, `${sort} then ${other}`);
      }
    }
  });

  it('the newest renewal of each certificate is found, and no open intent', async () => {
    const { store } = await filled();
    unwrap(
      await store.transaction(async (tx) => {
        for (const number of [60, 61]) await certify(tx, intent(number, { renews: idOf(1) }));
        await insertIntents(tx, [intent(62, { renews: idOf(1) }), intent(63, { renews: idOf(2) })]);
      }),
    );
    const found = unwrap(await store.read((reads) => reads.newestRenewals([idOf(1), idOf(2), idOf(3)])));
    assert.deepEqual([...found], [[idOf(1), idOf(61)]]);
  });

  it('certificates that are issued while a client pages do not disturb its pages', async () => {
    const { store, records } = await filled();
    const first = await find(store, { limit: 4 });
    unwrap(await store.transaction((tx) => certify(tx, intent(50))));
    const second = await find(store, { limit: 200, cursor: first.next ?? undefined });
    assert.deepEqual([...first.items, ...second.items], records);
  });

  it('a cursor that is not ours is a value, not an error', async () => {
    const { store } = await filled();
    const { next } = await find(store, { limit: 1 });
    assert.ok(next !== null);
    const bad = ['', '!', `${next}=`, `${next}A`, next.slice(1), Buffer.from("1:' or 1=1").toString('base64url')];
    for (const cursor of bad) {
      const page = unwrap(await store.read((reads) => reads.search({ now: NOW, limit: 10, cursor })));
      assert.deepEqual(page, { ok: false, error: { kind: 'cursor-malformed' } }, cursor);
    }
    await fc.assert(
      fc.asyncProperty(fc.string(), async (cursor) => {
        const page = unwrap(await store.read((reads) => reads.search({ now: NOW, limit: 10, cursor })));
        assert.ok(!page.ok);
      }),
      { numRuns: 50 },
    );
  });

  it('a scope shows exactly what the account may read', async () => {
    const { store, records } = await filled();
    const scope: fc.Arbitrary<AccountScope> = fc.record({
      profiles: fc.subarray([
        '*',
        'fort/*',
        'fort/cps-signature',
        'standard/*',
        'elementaire/serv-ssl',
        'elementaire/*',
      ]),
      structures: fc.subarray(['*', '10B1', '10B2', '10B']),
      holders: fc.oneof(
        fc.constant(['*']),
        fc.subarray(['30B1/A', '30b1/*', '30B*', '8*', 'lps.example.org', '%', 'a_b*', '']),
      ),
      domains: fc.subarray([
        '*',
        'example.org',
        'www.example.org',
        'Example.NET',
        'a_b.example.com',
        'b.example.com',
        '',
      ]),
    });
    await fc.assert(
      fc.asyncProperty(scope, fc.integer({ min: 1, max: 11 }), async (account, limit) => {
        const visible = records.filter((record) => outOfScope(account, subjectOf(record)) === null);
        const page = await find(store, { scope: account, limit });
        assert.deepEqual(
          page.items.map(({ id }) => id),
          visible.slice(0, limit).map(({ id }) => id),
        );
        assert.equal(page.next !== null, visible.length > limit);
      }),
      { numRuns: 300 },
    );
  });
});
