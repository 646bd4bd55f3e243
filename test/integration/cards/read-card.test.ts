/**
 * What a service desk reads of a card in one answer: its updates and its campaign, as far as the
 * reader sees the certificates. Without these rules a desk would not know why a card was sent to
 * it, or an account would see updates of certificates that are not its own.
 */
import assert from 'node:assert/strict';
import type { SelfPrincipal } from '../../../src/access/principal.js';
import { readCard, readOwnCard } from '../../../src/operations/cards/read-cards.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import type { Store } from '../../../src/ports/store.js';
import {
  AUTHENTICATION,
  cardNumber,
  certificatesOf,
  insertCards,
  openedCampaign,
} from '../../support/campaigns/stage.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, idOf, intent } from '../../support/db/records.js';
import { withRun } from '../../support/db/runs.js';
import { OFFICER } from '../../support/orders/intake.js';
import { updateRow } from '../../support/updates/update-rows.js';

const CARD = cardNumber(1);
/** One more than an answer shows. */
const UPDATES = 21;
const [AUTHENTICATION_ID = '', SIGNATURE_ID = ''] = certificatesOf(1).map(({ id }) => id);
const OF_AUTHENTICATION: Account = { ...OFFICER, scope: { ...OFFICER.scope, profiles: [AUTHENTICATION] } };

describeOnEach('a card that is read', ({ opened }) => {
  let store: Store;
  const read = async (account = OFFICER) => unwrap(await readCard({ store }, account, CARD));
  const readOwn = async (cardTokenId: string) => {
    const certificate = { id: AUTHENTICATION_ID, cardTokenId, selfService: ['read-self'] };
    return readOwnCard({ store }, { kind: 'self', certificate } as unknown as SelfPrincipal, CARD);
  };

  beforeEach(async () => {
    store = await opened();
    await withRun(store);
    await insertCards(store, [1, 2]);
  });

  it('has its newest updates first, whether they made certificates or not, and none of another card', async () => {
    unwrap(
      await store.transaction(async (tx) => {
        const ended = { state: 'failed', endedBy: 'system', oldIds: [AUTHENTICATION_ID] } as const;
        for (let number = 1; number <= UPDATES; number += 1) {
          await tx.insertUpdates([updateRow(number, { ...ended, cardTokenId: CARD })]);
          await certify(tx, intent(500 + number, { cardTokenId: CARD, updateId: idOf(number) }), { status: 'open' });
        }
        await tx.insertUpdates([updateRow(90, { ...ended, cardTokenId: cardNumber(2) })]);
        await certify(tx, intent(590, { cardTokenId: cardNumber(2), updateId: idOf(90) }), { status: 'open' });
      }),
    );
    const newest = Array.from({ length: UPDATES - 1 }, (_, at) => idOf(UPDATES - at));
    const { updates } = await read();
    assert.deepEqual(
      updates.map(({ id }) => id),
      newest,
    );
    assert.deepEqual(unwrap(await readOwn(CARD)).updates, updates, 'a card that reads itself');
    const other = await readOwn(cardNumber(2));
    assert.equal(other.ok ? 'read' : other.error.kind, 'not-found', 'another card');
  });

  it('has no update of a certificate that the account does not see', async () => {
    unwrap(
      await store.transaction(async (tx) => {
        const of = { cardTokenId: CARD, state: 'failed', endedBy: 'system' } as const;
        await tx.insertUpdates([
          updateRow(1, { ...of, oldIds: [AUTHENTICATION_ID] }),
          updateRow(2, { ...of, oldIds: [AUTHENTICATION_ID, SIGNATURE_ID] }),
        ]);
        for (const number of [1, 2])
          await certify(tx, intent(500 + number, { cardTokenId: CARD, updateId: idOf(number) }), { status: 'open' });
      }),
    );
    const idsFor = async (account: Account) => (await read(account)).updates.map(({ id }) => id);
    assert.deepEqual(await idsFor(OFFICER), [idOf(2), idOf(1)]);
    assert.deepEqual(await idsFor(OF_AUTHENTICATION), [idOf(1)]);
  });

  it('is in the open campaign that is not done with it', async () => {
    assert.equal((await read()).campaign, null);
    const { id } = await openedCampaign(store);
    const waiting = { campaignId: id, cardTokenId: CARD, class: 'all', state: 'waiting', reason: null } as const;
    const row = { ...waiting, attempts: 0, ticketFrom: null };
    assert.deepEqual((await read(OF_AUTHENTICATION)).campaign, row);
    assert.deepEqual(unwrap(await readOwn(CARD)).campaign, row);
    const move = (state: 'to-desk' | 'confirmed', reason: 'officer' | null) =>
      store.transaction((tx) => tx.storeCampaignCards([{ ...row, state, reason }]));
    unwrap(await move('to-desk', 'officer'));
    assert.deepEqual((await read()).campaign, { ...row, state: 'to-desk', reason: 'officer' });
    unwrap(await move('confirmed', null));
    assert.equal((await read()).campaign, null);
  });
});
