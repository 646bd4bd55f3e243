/**
 * Capabilities of cards that have no certificate yet. Without the limit, any client that may update
 * cards could fill the database with cards that nobody has made: a row of a card is never deleted.
 */
import assert from 'node:assert/strict';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { LIMITS } from '../../../src/kernel/limits.js';
import { reportCapabilities } from '../../../src/operations/cards/report-capabilities.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { NOW } from '../../support/db/records.js';
import { CARD_MANAGEMENT } from '../../support/orders/order-bench.js';
import { tokenId } from '../../support/service/orders.js';
import { testPolicy } from '../../unit/policy/fixtures.js';

const CAPABILITIES = { generation: 'cps4', applet: '4.1.0', keyTypes: ['p-256'], spareContainers: 2 };
const MAX = LIMITS.cardsWithoutCertificatePerDayMax;

describeOnEach('a card without a certificate', ({ opened }) => {
  let now: number;
  let store: Store;
  const report = async (number: number, account = CARD_MANAGEMENT): Promise<string> => {
    const world = { store, clock: () => now, policy: testPolicy() };
    const reported = await reportCapabilities(world, tokenId(number), { account, capabilities: CAPABILITIES });
    return reported.ok ? reported.value.card.state : reported.error.kind;
  };

  it(`is made known by its capabilities, ${MAX} of them by an account in 24 hours`, async () => {
    now = NOW;
    store = await opened({ clock: () => now });
    unwrap(
      await store.transaction(async (tx) => {
        const blank = { product: null, holderId: null, profession: null };
        const numbers = Array.from({ length: MAX - 1 }, (_, at) => at + 10);
        await tx.putCardsInUse([...numbers.map((number) => ({ ...blank, tokenId: tokenId(number) }))], NOW);
        const by = { ...CAPABILITIES, reportedAt: NOW, reportedBy: `account:${CARD_MANAGEMENT.id}` };
        await tx.setCapabilities(numbers.map((number) => ({ tokenId: tokenId(number), capabilities: by })));
        await tx.putCardsInUse(
          [{ tokenId: tokenId(1), product: 'cps', holderId: '810000000001', profession: '10' }],
          NOW,
        );
      }),
    );
    assert.equal(await report(2), 'in-use');
    assert.equal(await report(3), 'quota-exceeded');
    assert.equal(unwrap(await store.read((reads) => reads.cardsById([tokenId(3)]))).length, 0, 'nothing is stored');
    assert.deepEqual([await report(1), await report(2)], ['in-use', 'in-use'], 'cards that are known');
    assert.equal(await report(4, { ...CARD_MANAGEMENT, id: 'another' }), 'in-use');
    now = NOW + DAY_MS;
    assert.equal(await report(3), 'in-use');
  });
});
