/**
 * Quotas of accounts on a database that several nodes use. If a count were read before the lock, or
 * written outside of the transaction of the intents, nodes together would issue more than allowed.
 */
import assert from 'node:assert/strict';
import { ACCOUNT_DEFAULTS, firstHourOf, hourOf, usedBy } from '../../../src/access/account.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { issueCertificates } from '../../../src/operations/issuance/issue.js';
import { RESERVE_INTENTS, type Reservation } from '../../../src/operations/issuance/reserve.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { intent, NOW } from '../../support/db/records.js';
import { reservation } from '../../support/db/reservations.js';
import { withRun } from '../../support/db/runs.js';
import { CARD_MANAGEMENT, createBench } from '../../support/orders/order-bench.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';

const LIMITED: Account = {
  id: 'limited',
  name: 'limited',
  roles: ['card-management'],
  scope: { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] },
  credentials: [],
  disabled: false,
  ...ACCOUNT_DEFAULTS,
  limits: { perDay: 30, perHour: 20, inFlight: null },
  createdAt: NOW,
};
const ORGANISATION = {
  profile: 'elementaire/org-auth-cli',
  holder: {
    kind: 'organisation',
    application: 'LIMITED',
    structure: { id: '10B0057881', name: 'CABINET M DOC0057881', department: 'Paris (75)' },
  },
  card: null,
  identity: null,
  keyOrigin: null,
  validity: { notBefore: null, notAfter: null },
} as const;
const NODES = 3;
const REQUESTS = 64;

async function reserve(store: Store, number: number, asked: Partial<Reservation> = {}) {
  const wanted = { ...reservation(intent(number)), quotaOf: LIMITED.id, ...asked };
  return unwrap(await store.groupedTransaction(RESERVE_INTENTS, wanted));
}

async function used(store: Store) {
  const counted = await store.read((reads) => reads.accountUse([LIMITED.id], firstHourOf(NOW)));
  return usedBy(LIMITED.id, unwrap(counted), NOW);
}

describeOnEach('the quota of an account', ({ opened, fresh }) => {
  it(`is exact while ${NODES} nodes reserve ${REQUESTS} certificates at once`, async () => {
    const database = await fresh();
    const first = await withRun(await opened({ database }));
    const stores = [first, await opened({ database }), await opened({ database })];
    unwrap(await first.transaction((tx) => tx.insertAccount(LIMITED)));
    const outcomes = await Promise.all(
      Array.from({ length: REQUESTS }, (_, at) => reserve(stores[at % NODES] ?? first, at + 1)),
    );
    const reserved = outcomes.filter(({ kind }) => kind === 'reserved');
    assert.equal(reserved.length, 20);
    const refused = outcomes.find((one) => one.kind === 'refused');
    assert.ok(refused?.kind === 'refused' && refused.clash.kind === 'quota-exceeded');
    assert.equal(refused.clash.limit, 'perHour');
    assert.deepEqual(await used(first), { hour: 20, day: 20 });
  });

  it('counts a repetition once, and a request that is refused or of another account not at all', async () => {
    const store = await withRun(await opened());
    unwrap(await store.transaction((tx) => tx.insertAccount(LIMITED)));
    const first = intent(1, { holderId: 'H1' });
    assert.equal((await reserve(store, 1, reservation(first, 'once'))).kind, 'reserved');
    assert.deepEqual(await used(store), { hour: 0, day: 0 });
    const counted = { ...reservation(intent(2), 'twice'), quotaOf: LIMITED.id };
    assert.equal((await reserve(store, 2, counted)).kind, 'reserved');
    assert.equal((await reserve(store, 3, { claim: counted.claim })).kind, 'in-progress');
    const sameKey = intent(4, { holderId: 'H2', spkiSha256: first.spkiSha256 });
    assert.equal((await reserve(store, 4, { records: [sameKey] })).kind, 'refused');
    assert.deepEqual(await used(store), { hour: 1, day: 1 });
  });

  it('ends with the account, whoever acts for it', async () => {
    const { world } = await createBench({ store: await opened() });
    const applications = [{ order: ORGANISATION, csr: makeCsr(makeKey()), pointer: '' }];
    const issue = (account: Account) => issueCertificates(world, { account, applications, idempotency: null });
    const refused = await issue({ ...CARD_MANAGEMENT, expiresAt: NOW });
    assert.equal(!refused.ok && refused.error.kind === 'not-permitted' && refused.error.rule, 'account-in-force');
    assert.equal((await issue({ ...CARD_MANAGEMENT, expiresAt: NOW + DAY_MS })).ok, true);
  });

  it('follows the limits as they are at the reservation', async () => {
    const store = await withRun(await opened());
    const none = { ...LIMITED, limits: { ...LIMITED.limits, perHour: 1 } };
    unwrap(await store.transaction((tx) => tx.insertAccount(none)));
    assert.equal((await reserve(store, 1)).kind, 'reserved');
    assert.equal((await reserve(store, 2)).kind, 'refused');
    unwrap(await store.transaction((tx) => tx.updateAccount(LIMITED)));
    assert.equal((await reserve(store, 2)).kind, 'reserved');
  });

  it('is kept for its time, and a count never falls', async () => {
    const store = await withRun(await opened());
    unwrap(await store.transaction((tx) => tx.insertAccount(LIMITED)));
    assert.equal((await reserve(store, 1)).kind, 'reserved');
    const [row] = unwrap(await store.read((reads) => reads.accountUse([LIMITED.id], 0)));
    assert.ok(row !== undefined);
    await assert.rejects(store.transaction((tx) => tx.countAccountUse([{ ...row, count: -1 }])));
    unwrap(await store.transaction((tx) => tx.deleteAccountUse(hourOf(NOW))));
    assert.deepEqual(await used(store), { hour: 1, day: 1 });
    unwrap(await store.transaction((tx) => tx.deleteAccountUse(hourOf(NOW + DAY_MS))));
    assert.deepEqual(await used(store), { hour: 0, day: 0 });
  });
});
