import assert from 'node:assert/strict';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import { applicationsOf, type CardRequestBody } from '../../../src/http/api/card-request.js';
import { AssertionFailed } from '../../../src/kernel/assert.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { err } from '../../../src/kernel/result.js';
import { issueCertificates } from '../../../src/operations/issuance/issue.js';
import type { World } from '../../../src/operations/world.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import type { CrlRecord } from '../../../src/ports/store/crls.js';
import type { Lease } from '../../../src/ports/store/leases.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { ISSUER, NOW, OTHER_ISSUER } from '../../support/db/records.js';
import { CARD_MANAGEMENT, createBench, FORT, type OrderBench } from '../../support/orders/order-bench.js';
import { cardBody } from '../../support/service/orders.js';

const BODY = 'b'.repeat(64);
const OTHER_BODY = 'c'.repeat(64);
const claim = { account: 'card-management', route: 'POST /v1/certificates', key: 'k1' };

const account: Account = {
  id: 'card-management',
  name: 'Card management',
  roles: ['card-management'],
  scope: { profiles: ['fort/*'], structures: ['*'], domains: ['example.org'], holders: ['*'] },
  credentials: [
    { issuer: OTHER_ISSUER, spkiSha256: '1'.repeat(64) },
    { issuer: ISSUER, spkiSha256: '2'.repeat(64) },
  ],
  disabled: false,
  ...ACCOUNT_DEFAULTS,
  createdAt: NOW,
};

/** Without these, a client that lost an answer would be refused what it has got. */
describeOnEach('a request that was done before', ({ opened }) => {
  const idempotency = { claim, bodySha256: BODY };
  const applications = applicationsOf(cardBody(1) as unknown as CardRequestBody);
  let bench: OrderBench;
  let first: readonly string[];

  const ask = async (changes: Partial<World> = {}, bodySha256 = BODY) => {
    const command = { account: CARD_MANAGEMENT, applications, idempotency: { ...idempotency, bodySha256 } };
    const answered = await issueCertificates({ ...bench.world, ...changes }, command);
    return answered.ok ? answered.value.map(({ id }) => id) : answered.error.kind;
  };

  beforeEach(async () => {
    bench = await createBench({ store: await opened() });
    first = (await ask()) as readonly string[];
    assert.equal(first.length, 2);
  });

  it('gets its certificates also while the signer is away', async () => {
    bench.away.add(FORT);
    assert.deepEqual(await ask(), first);
    assert.equal(await ask({}, OTHER_BODY), 'idempotency-mismatch');
  });

  it('gets its certificates also when the policy has no such profiles any more', async () => {
    const policy = { ...bench.world.policy, profiles: new Map() };
    assert.deepEqual(await ask({ policy }), first);
    assert.equal(await ask({ policy }, OTHER_BODY), 'idempotency-mismatch');
  });

  it('gets its certificates also while the clock is wrong', async () => {
    assert.deepEqual(await ask({ clock: () => bench.time.now - DAY_MS }), first);
  });

  it('gets its certificates also while nothing can be written', async () => {
    const failure = { kind: 'database-unavailable', retryAfterMs: 1_000, detail: 'the disk is full' } as const;
    assert.deepEqual(await ask({ store: { ...bench.store, groupedTransaction: async () => err(failure) } }), first);
  });

  it('whose commit is not known gets this, and not that it is in progress', async () => {
    const failure = { kind: 'database-unavailable', retryAfterMs: 1_000, detail: 'unknown' } as const;
    const groupedTransaction: Store['groupedTransaction'] = async (work, item) => {
      await bench.store.groupedTransaction(work, item);
      return err(failure);
    };
    const other = { ...idempotency, claim: { ...claim, key: 'k2' } };
    const lost = { ...bench.world, store: { ...bench.store, groupedTransaction } };
    const command = {
      account: CARD_MANAGEMENT,
      applications: applicationsOf(cardBody(2) as unknown as CardRequestBody),
    };
    const answered = await issueCertificates(lost, { ...command, idempotency: other });
    assert.equal(answered.ok ? 'issued' : answered.error.kind, 'database-unavailable');
  });
});

describeOnEach('idempotency claims', ({ opened }) => {
  it('the first claims; then in progress, or a mismatch for another body; when done, the first answer', async () => {
    const store = await opened();
    const ask = async (body: string) =>
      unwrap(await store.transaction((tx) => tx.claimIdempotency([{ claim, bodySha256: body }], NOW)))[0];
    const peek = async (body: string) =>
      unwrap(await store.read((reads) => reads.peekClaims([{ claim, bodySha256: body }])))[0];
    assert.deepEqual(await peek(BODY), { kind: 'claimed' });
    assert.deepEqual(await ask(BODY), { kind: 'claimed' });
    assert.deepEqual(await ask(BODY), { kind: 'in-progress' });
    assert.deepEqual(await peek(BODY), { kind: 'in-progress' });
    assert.deepEqual(await ask(OTHER_BODY), { kind: 'mismatch' });
    unwrap(await store.transaction((tx) => tx.finishClaims([{ claim, result: { ids: ['x'], status: 'issued' } }])));
    assert.deepEqual(await ask(BODY), { kind: 'done', result: { ids: ['x'], status: 'issued' } });
    assert.deepEqual(await peek(BODY), { kind: 'done', result: { ids: ['x'], status: 'issued' } });
    assert.deepEqual(await ask(OTHER_BODY), { kind: 'mismatch' });
  });

  it('a released claim may be claimed again; a finished one is not released', async () => {
    const store = await opened();
    const ask = async () =>
      unwrap(await store.transaction((tx) => tx.claimIdempotency([{ claim, bodySha256: BODY }], NOW)))[0];
    await ask();
    unwrap(await store.transaction((tx) => tx.releaseClaims([claim])));
    assert.deepEqual(await ask(), { kind: 'claimed' });
    unwrap(await store.transaction((tx) => tx.finishClaims([{ claim, result: null }])));
    unwrap(await store.transaction((tx) => tx.releaseClaims([claim])));
    assert.deepEqual(await ask(), { kind: 'done', result: null });
  });

  it('keys are those of one account and one route', async () => {
    const store = await opened();
    const claims = [
      claim,
      { ...claim, account: 'other' },
      { ...claim, route: 'POST /v1/orders' },
      { ...claim, key: 'k2' },
    ];
    const outcomes = await Promise.all(
      claims.map((one) => store.transaction((tx) => tx.claimIdempotency([{ claim: one, bodySha256: BODY }], NOW))),
    );
    for (const outcome of outcomes) assert.deepEqual(unwrap(outcome), [{ kind: 'claimed' }]);
  });

  it('of twenty at once exactly one claims', async () => {
    const store = await opened();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () =>
        store.transaction((tx) => tx.claimIdempotency([{ claim, bodySha256: BODY }], NOW)),
      ),
    );
    const kinds = outcomes.map((outcome) => unwrap(outcome)[0]?.kind);
    assert.equal(kinds.filter((kind) => kind === 'claimed').length, 1);
    assert.equal(kinds.filter((kind) => kind === 'in-progress').length, 19);
  });

  it('a claim that nobody made cannot be finished', async () => {
    const store = await opened();
    await assert.rejects(
      store.transaction((tx) => tx.finishClaims([{ claim, result: null }])),
      AssertionFailed,
    );
  });
});

describeOnEach('accounts', ({ opened }) => {
  it('an account is found by issuer and key of its certificate, both of them', async () => {
    const store = await opened();
    const bare = { ...account, id: 'bare', credentials: [] };
    unwrap(
      await store.transaction(async (tx) => {
        await tx.insertAccount(account);
        await tx.insertAccount(bare);
      }),
    );
    const found = await store.read(async (reads) => [
      await reads.accountByCredential(OTHER_ISSUER, '1'.repeat(64)),
      await reads.accountByCredential(ISSUER, '2'.repeat(64)),
      await reads.accountByCredential(ISSUER, '1'.repeat(64)),
    ]);
    assert.deepEqual(unwrap(found), [account, account, null]);
    assert.deepEqual(unwrap(await store.read((reads) => reads.accounts())), [bare, account]);
  });

  it('a change replaces roles, scope, credentials and whether it is disabled', async () => {
    const store = await opened();
    const changed: Account = {
      ...account,
      roles: [],
      disabled: true,
      credentials: [{ issuer: ISSUER, spkiSha256: '3'.repeat(64) }],
    };
    unwrap(await store.transaction((tx) => tx.insertAccount(account)));
    unwrap(await store.transaction((tx) => tx.updateAccount(changed)));
    const found = await store.read(async (reads) => [
      await reads.accountByCredential(ISSUER, '3'.repeat(64)),
      await reads.accountByCredential(ISSUER, '2'.repeat(64)),
    ]);
    assert.deepEqual(unwrap(found), [changed, null]);
    await assert.rejects(
      store.transaction((tx) => tx.updateAccount({ ...account, id: 'none' })),
      AssertionFailed,
    );
  });

  it('one certificate authenticates one account', async () => {
    const store = await opened();
    unwrap(await store.transaction((tx) => tx.insertAccount(account)));
    await assert.rejects(
      store.transaction((tx) => tx.insertAccount({ ...account, id: 'second' })),
      AssertionFailed,
    );
    assert.equal(unwrap(await store.read((reads) => reads.accounts())).length, 1);
  });
});

describeOnEach('CRL numbers', ({ opened }) => {
  const times = { thisUpdate: NOW, nextUpdate: NOW + 1_000 };
  const published = (crl: CrlRecord): CrlRecord => ({
    ...crl,
    state: 'published',
    tbsSha256: 'a'.repeat(64),
    sha256: 'b'.repeat(64),
    sizeBytes: 4_000_000_000,
    entries: 3,
  });

  it('rise by issuer, are never given out twice, and start where a ceremony left off', async () => {
    const store = await opened();
    const root = 'acr-fo' as IssuerId;
    const numbers = await store.transaction(async (tx) => {
      const reserve = async (issuer: IssuerId, numberMin?: number) =>
        (await tx.reserveCrl({ issuer, ...times, numberMin })).number;
      return [
        await reserve(ISSUER),
        await reserve(ISSUER),
        await reserve(OTHER_ISSUER),
        await reserve(root, 40),
        await reserve(root, 7),
        await reserve(ISSUER),
      ];
    });
    assert.deepEqual(unwrap(numbers), [1, 2, 1, 40, 41, 3]);
  });

  it('the latest is the published one with the highest number; what a crash left is listed', async () => {
    const store = await opened();
    const [first, second, third] = unwrap(
      await store.transaction(async (tx) => {
        const crls = [];
        for (let at = 0; at < 3; at += 1) crls.push(await tx.reserveCrl({ issuer: ISSUER, ...times }));
        return crls;
      }),
    );
    assert.ok(first && second && third);
    const seen = async () =>
      unwrap(
        await store.read(async (reads) => ({
          latest: await reads.latestCrl(ISSUER),
          reserved: await reads.reservedCrls(ISSUER),
          first: await reads.crlByNumber(ISSUER, 1),
        })),
      );
    assert.deepEqual(await seen(), { latest: null, reserved: [first, second, third], first });
    const digested = { ...second, tbsSha256: 'a'.repeat(64) };
    unwrap(
      await store.transaction(async (tx) => {
        await tx.updateCrl(published(first));
        await tx.updateCrl(digested);
        await tx.updateCrl({ ...third, state: 'abandoned' });
      }),
    );
    assert.deepEqual(await seen(), { latest: published(first), reserved: [digested], first: published(first) });
    unwrap(await store.transaction((tx) => tx.updateCrl(published(second))));
    assert.equal((await seen()).latest?.number, 2);
  });

  it('what was published or abandoned stays so, and publishing takes the digests', async () => {
    const store = await opened();
    const crl = unwrap(await store.transaction((tx) => tx.reserveCrl({ issuer: ISSUER, ...times })));
    await assert.rejects(
      store.transaction((tx) => tx.updateCrl({ ...crl, state: 'published' })),
      /crls_state/,
    );
    unwrap(await store.transaction((tx) => tx.updateCrl(published(crl))));
    await assert.rejects(
      store.transaction((tx) => tx.updateCrl({ ...published(crl), entries: 4 })),
      /finished CRL/,
    );
    await assert.rejects(
      store.transaction((tx) => tx.updateCrl({ ...crl, number: 9 })),
      AssertionFailed,
    );
  });
});

describeOnEach('leases', ({ opened }) => {
  const request = { name: 'crl/aci-fo-pp', durationMs: 10_000 };
  const taker =
    (store: Store) =>
    async (holder: string, name = request.name) =>
      unwrap(await store.transaction((tx) => tx.takeLease({ ...request, name, holder })));

  it('one process has it at a time, each time that it is taken with a higher token', async () => {
    let now = NOW;
    const take = taker(await opened({ clock: () => now }));
    assert.deepEqual(await take('a'), { name: request.name, holder: 'a', fencingToken: 1 });
    assert.equal(await take('b'), null);
    now += 9_000;
    assert.equal((await take('a'))?.fencingToken, 2);
    now += 10_000;
    assert.equal((await take('b'))?.fencingToken, 3);
    assert.equal(await take('a'), null);
    assert.equal((await take('a', 'other'))?.fencingToken, 1);
  });

  it('released early, it is free at once; a lease that was lost releases nothing', async () => {
    const store = await opened({ clock: () => NOW });
    const take = taker(store);
    const release = async (lease: Lease) => unwrap(await store.transaction((tx) => tx.endLease(lease)));
    const first = await take('a');
    assert.ok(first !== null);
    await release(first);
    const second = await take('b');
    assert.equal(second?.fencingToken, 2);
    await release(first);
    assert.equal(await take('c'), null);
  });

  it('the work of a lease that somebody else has taken since can find out in its own transaction', async () => {
    let now = NOW;
    const store = await opened({ clock: () => now });
    const lease = await taker(store)('a');
    assert.ok(lease !== null);
    const isCurrent = async () => unwrap(await store.transaction((tx) => tx.isLeaseCurrent(lease)));
    assert.equal(await isCurrent(), true);
    const another = { ...lease, holder: 'b' };
    assert.equal(unwrap(await store.transaction((tx) => tx.isLeaseCurrent(another))), false, 'the token of another');
    now += 60_000;
    assert.equal(await isCurrent(), true);
    await taker(store)('b');
    assert.equal(await isCurrent(), false);
  });

  it('a lease from a clock that was days ahead does not bind', async () => {
    let now = NOW + 86_400_000;
    const take = taker(await opened({ clock: () => now }));
    await take('a');
    now = NOW;
    assert.equal((await take('b'))?.fencingToken, 2);
  });
});
