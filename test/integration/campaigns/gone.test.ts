/**
 * Cards of campaigns whose last certificate has ended, in whatever way. Without this test, such a
 * card would be counted as waiting for ever, although no key of it can sign for new ones.
 */
import assert from 'node:assert/strict';
import { announceExpiryJob } from '../../../src/jobs/announce-expiry.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { revokeCertificate } from '../../../src/operations/revocation/revoke.js';
import type { World } from '../../../src/operations/world.js';
import type { Store } from '../../../src/ports/store.js';
import {
  cardNumber,
  certificatesOf,
  countedCards,
  countsOf,
  insertCards,
  openedCampaign,
} from '../../support/campaigns/stage.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, type intent, NOW } from '../../support/db/records.js';
import { withRun } from '../../support/db/runs.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';
import { CARD_MANAGEMENT } from '../../support/orders/order-bench.js';
import { testPolicy } from '../../unit/policy/fixtures.js';

const OFFICER = { ...CARD_MANAGEMENT, id: 'officer-1', roles: ['officer'] };

describeOnEach('a card of a campaign is gone', ({ opened }) => {
  let now: number;
  let store: Store;
  beforeEach(async () => {
    now = NOW;
    store = await opened({ clock: () => now });
    await withRun(store);
    await insertCards(store, [1]);
  });
  /** Puts another card in use, with one certificate. */
  const insertCard = async (number: number, from: Parameters<typeof intent>[1]): Promise<void> => {
    const [certificate] = certificatesOf(number, from);
    const card = { tokenId: cardNumber(number), product: 'cps', holderId: '810000000009', profession: '10' };
    unwrap(
      await store.transaction(async (tx) => {
        await tx.putCardsInUse([card], NOW);
        await certify(tx, certificate ?? assert.fail('a certificate'));
      }),
    );
  };
  const counts = async (campaign: string) => {
    const counted = await countsOf(store, campaign);
    assert.deepEqual(counted, await countedCards(store, campaign));
    return counted;
  };

  it('when its last certificate is revoked, because a certificate of another card has the same key', async () => {
    const [first] = certificatesOf(1);
    assert.ok(first);
    await insertCard(2, { spkiSha256: first.spkiSha256 });
    const { id } = await openedCampaign(store);
    const world = { store, clock: () => now, policy: testPolicy(), statusChanged: () => undefined };
    const command = { account: OFFICER, reason: 'keyCompromise', invalidityDate: null } as const;
    const { alsoRevoked } = unwrap(await revokeCertificate(world as unknown as World, first.id, command));
    assert.equal(alsoRevoked.length, 1);
    assert.deepEqual(await counts(id), { 'all gone': 1, 'all waiting': 1 });
  });

  it('when its last certificate has expired, and not in the last second before', async () => {
    await insertCard(2, { notAfter: NOW + DAY_MS });
    const { id } = await openedCampaign(store);
    await workDue(announceExpiryJob, null, sharedWorldOf(store));
    now = NOW + DAY_MS + 999;
    await workDue(announceExpiryJob, null, sharedWorldOf(store));
    assert.deepEqual(await counts(id), { 'all waiting': 2 });
    now = NOW + DAY_MS + 1_000;
    await workDue(announceExpiryJob, null, sharedWorldOf(store));
    assert.deepEqual(await counts(id), { 'all gone': 1, 'all waiting': 1 });
  });
});
