import assert from 'node:assert/strict';
import fc from 'fast-check';
import { outOfScope, subjectOf } from '../../../src/access/scope.js';
import { statusOf } from '../../../src/lifecycle/status.js';
import type { AccountScope } from '../../../src/ports/store/accounts.js';
import type { CertificateFilter, CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, DAY_MS, idOf, intent, NOW, OTHER_ISSUER } from '../../support/db/records.js';
import { insertIntents } from '../../support/db/unaudited.js';

const REVOKED = { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } as const;
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
    { profile: 'standard/cpe-signature', structureId: '10B1', cardTokenId: '8025000001/2', holderId: '30B1/A' },
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

describeOnEach('search', ({ opened }) => {
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
    assert.deepEqual(await ids({ authority: 'aci-el-org', serial: intent(4).serial }), [idOf(4)]);
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
