/**
 * The population of a campaign. Without these rules a campaign would miss cards, or take cards that
 * were made after the fault was found.
 */
import assert from 'node:assert/strict';
import { populateCampaignsJob } from '../../../src/jobs/campaigns/population.js';
import { populatePage } from '../../../src/operations/campaigns/populate.js';
import type { CampaignSelection } from '../../../src/ports/store/cards/campaigns.js';
import type { Store } from '../../../src/ports/store.js';
import {
  AUTHENTICATION,
  campaignOf,
  campaignRecord,
  cardNumber,
  cardsOf,
  certificatesOf,
  countedCards,
  countsOf,
  documentOf,
  EVERY_CARD,
  insertCampaign,
  insertCards,
  populate,
  SIGNATURE,
} from '../../support/campaigns/stage.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, NOW, OTHER_ISSUER } from '../../support/db/records.js';
import { withRun } from '../../support/db/runs.js';
import { setState } from '../../support/db/unaudited.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';
import { CAPABILITIES } from '../../support/updates/remote-card.js';
import { testPolicy } from '../../unit/policy/fixtures.js';

/** A profile of other cards. */
const OTHER_PROFILE = 'fort/cpe-authentication';

describeOnEach('the population of a campaign', ({ opened }) => {
  let store: Store;
  beforeEach(async () => {
    store = await opened();
    await withRun(store);
  });

  async function selected(selection: CampaignSelection): Promise<readonly string[]> {
    const campaign = campaignRecord({ document: documentOf({ selection }) });
    await insertCampaign(store, campaign);
    await populate(store, campaign.id);
    return (await cardsOf(store, campaign.id)).map(({ cardTokenId }) => cardTokenId);
  }
  const revoke = async (number: number, at: number): Promise<void> => {
    const revoked = { status: 'revoked', at, reason: 'superseded', invalidityDate: null } as const;
    for (const { id } of certificatesOf(number))
      unwrap(await store.transaction((tx) => setState(tx, id, [revoked, { at, actor: 'officer' }])));
  };

  const report = (number: number, changes: object): Promise<unknown> => {
    const read = { ...CAPABILITIES, ...changes, reportedAt: NOW, reportedBy: 'account:cards' };
    return store.transaction((tx) => tx.setCapabilities([{ tokenId: cardNumber(number), capabilities: read }]));
  };

  it('is that of one moment: what was revoked before it or made after it is left out', async () => {
    await insertCards(store, [1, 2, 3, 4]);
    await revoke(2, NOW - 1);
    await revoke(3, NOW + 1);
    const later = certificatesOf(5, { createdAt: NOW + 1 });
    unwrap(
      await store.transaction(async (tx) => {
        const facts = { product: 'cps', holderId: 'someone', profession: '10' };
        await tx.putCardsInUse([{ tokenId: cardNumber(5), ...facts }], NOW);
        for (const record of later) await certify(tx, record);
      }),
    );
    assert.deepEqual(await selected(EVERY_CARD), [1, 3, 4].map(cardNumber));
  });

  for (const [what, selection] of [
    ['issuers', { issuers: [OTHER_ISSUER] }],
    ['profiles', { profiles: ['standard/other'] }],
    ['key types', { keyTypes: ['rsa-2048'] }],
    ['the time at which keys were made', { keyMadeUntil: NOW - 5_000 }],
    ['products', { products: ['cpe'] }],
    ['generations', { generations: ['cps3'] }],
    ['versions of applets', { appletBelow: '1.10' }],
  ] as const)
    it(`is found by ${what}`, async () => {
      await insertCards(store, [1]);
      await insertCards(store, [2], { product: 'cpe' });
      const other = { issuer: OTHER_ISSUER, profile: 'standard/other', keyType: 'rsa-2048', createdAt: NOW - 6_000 };
      const records = certificatesOf(3, other).slice(0, 1);
      unwrap(
        await store.transaction(async (tx) => {
          await tx.putCardsInUse([{ tokenId: cardNumber(3), product: 'cpe', holderId: 'x', profession: null }], NOW);
          for (const record of records) await certify(tx, record);
          const capabilities = { keyTypes: ['rsa-2048'], spareContainers: 2, reportedAt: NOW, reportedBy: 'cards' };
          await tx.setCapabilities([
            { tokenId: cardNumber(1), capabilities: { ...capabilities, generation: 'cps4', applet: '1.10' } },
            { tokenId: cardNumber(3), capabilities: { ...capabilities, generation: 'cps3', applet: '1.9' } },
          ]);
        }),
      );
      const expected = what === 'products' ? [2, 3] : [3];
      assert.deepEqual(await selected({ ...EVERY_CARD, ...selection }), expected.map(cardNumber));
    });

  it('puts each card into the first class that fits, and counts what it writes', async () => {
    await insertCards(store, [1, 2], { profession: '10' });
    await insertCards(store, [3], { profession: '21' });
    await insertCards(store, [4], { product: 'cpe', profession: '21' });
    const open = { opensAt: null, capacityPerHour: 60 } as const;
    const classes = [
      { name: 'doctors', select: { kind: 'criteria', products: null, professions: ['10'] }, ...open },
      { name: 'cps', select: { kind: 'criteria', products: ['cps'], professions: null }, ...open },
    ] as const;
    const campaign = campaignRecord({ document: documentOf({ classes }) });
    await insertCampaign(store, campaign);
    await populate(store, campaign.id);
    const expected = { 'cps waiting': 1, 'doctors waiting': 2 };
    assert.deepEqual(await countsOf(store, campaign.id), expected);
    assert.deepEqual(await countedCards(store, campaign.id), expected);
    assert.equal((await campaignOf(store, campaign.id)).state, 'ready');
  });

  it('of lists has their cards, each in the first class whose list has it', async () => {
    await insertCards(store, [1, 2, 3]);
    const open = { opensAt: null, capacityPerHour: 60, select: { kind: 'list' } } as const;
    const classes = [
      { name: 'first', ...open },
      { name: 'second', ...open },
    ];
    const document = documentOf({ selection: { kind: 'list' }, classes });
    const campaign = campaignRecord({ document, lists: ['first', 'second'] });
    await insertCampaign(store, campaign);
    unwrap(
      await store.transaction(async (tx) => {
        await tx.insertListedCards(campaign.id, 'second', [1, 2].map(cardNumber));
        await tx.insertListedCards(campaign.id, 'first', [2, 9].map(cardNumber));
      }),
    );
    await populate(store, campaign.id);
    assert.deepEqual(
      (await cardsOf(store, campaign.id)).map((card) => [card.cardTokenId, card.class]),
      [
        [cardNumber(1), 'second'],
        [cardNumber(2), 'first'],
      ],
    );
  });

  it('sends cards to a desk whose capabilities are known not to do, and leaves out nothing that is opposed', async () => {
    await insertCards(store, [1, 2, 3]);
    unwrap(
      await store.transaction((tx) =>
        tx.endCards(
          [{ tokenId: cardNumber(3), product: 'cps', holderId: null, profession: null, state: 'opposed', reason: 'x' }],
          NOW,
        ),
      ),
    );
    const campaign = campaignRecord();
    await insertCampaign(store, campaign);
    const unknown = { generation: 'unknown', applet: '1.0', keyTypes: [], spareContainers: 0 } as const;
    unwrap(
      await store.transaction((tx) =>
        tx.setCapabilities([
          { tokenId: cardNumber(2), capabilities: { ...unknown, reportedAt: NOW, reportedBy: 'cards' } },
        ]),
      ),
    );
    const parts = { store, clock: () => NOW, policy: testPolicy() };
    assert.deepEqual(await workDue(populateCampaignsJob, parts, sharedWorldOf(store)), ['done']);
    assert.deepEqual(await countsOf(store, campaign.id), {
      'all gone': 1,
      'all to-desk generation-unknown': 1,
      'all waiting': 1,
    });
  });

  for (const [what, changes] of [
    ['criteria without profiles', {}],
    ['criteria with a profile that the cards do not have', { profiles: [AUTHENTICATION, SIGNATURE, OTHER_PROFILE] }],
    ['lists', null],
  ] as const)
    it(`by ${what} sends cards to a desk that cannot make or hold the keys of their own certificates`, async () => {
      await insertCards(store, [1, 2, 3]);
      await report(1, { keyTypes: ['ed25519'] });
      await report(2, { spareContainers: 1 });
      await report(3, {});
      const classes = [{ name: 'all', select: { kind: 'list' }, opensAt: null, capacityPerHour: 60 }] as const;
      const document =
        changes === null
          ? documentOf({ selection: { kind: 'list' }, classes })
          : documentOf({ selection: { ...EVERY_CARD, ...changes } });
      const campaign = campaignRecord({ document, lists: ['all'] });
      await insertCampaign(store, campaign);
      unwrap(await store.transaction((tx) => tx.insertListedCards(campaign.id, 'all', [1, 2, 3].map(cardNumber))));
      await populate(store, campaign.id);
      assert.deepEqual(await countsOf(store, campaign.id), {
        'all to-desk key-type-not-made': 1,
        'all to-desk no-spare-container': 1,
        'all waiting': 1,
      });
    });

  it('by one profile needs a container for one new key', async () => {
    await insertCards(store, [1, 2]);
    await report(1, { spareContainers: 1 });
    await report(2, { spareContainers: 0 });
    const document = documentOf({ selection: { ...EVERY_CARD, profiles: [SIGNATURE] } });
    const campaign = campaignRecord({ document });
    await insertCampaign(store, campaign);
    await populate(store, campaign.id);
    assert.deepEqual(await countsOf(store, campaign.id), { 'all to-desk no-spare-container': 1, 'all waiting': 1 });
  });

  it('goes on after the last page that was written, and stops when an officer ends the campaign', async () => {
    await insertCards(store, [1, 2]);
    const campaign = campaignRecord({ populatedTo: cardNumber(1) });
    await insertCampaign(store, campaign);
    const world = { store, clock: () => NOW, policy: testPolicy() };
    assert.equal(unwrap(await populatePage(world, campaign.id)), true);
    assert.deepEqual(
      (await cardsOf(store, campaign.id)).map(({ cardTokenId }) => cardTokenId),
      [cardNumber(2)],
    );
    unwrap(await store.transaction((tx) => tx.changeCampaign(campaign.id, 2, { state: 'ended' })));
    assert.equal(unwrap(await populatePage(world, campaign.id)), false);
  });

  it('is found by the profile of a certificate that the card has', async () => {
    await insertCards(store, [1]);
    assert.deepEqual(await selected({ ...EVERY_CARD, profiles: [SIGNATURE] }), [cardNumber(1)]);
  });
});
