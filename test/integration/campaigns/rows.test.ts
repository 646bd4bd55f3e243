/**
 * The tables of campaigns. Their guards refuse what our own statements never do, to everybody who
 * has the database: without them, an end or a confirmation could be taken back without a trace.
 */
import assert from 'node:assert/strict';
import { NAMED_COUNTS_MAX } from '../../../src/db/tables/campaigns/campaigns.js';
import type { CampaignCard, CampaignCount } from '../../../src/ports/store/cards/campaigns.js';
import type { Store } from '../../../src/ports/store.js';
import { campaignOf, campaignRecord, cardNumber, cardsOf, insertCampaign } from '../../support/campaigns/stage.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { rawDatabase } from '../../support/db/raw.js';
import { NOW } from '../../support/db/records.js';

describeOnEach('the rows of campaigns', ({ fresh, opened }) => {
  let store: Store;
  let database: Awaited<ReturnType<typeof fresh>>;
  const campaign = campaignRecord();

  beforeEach(async () => {
    database = await fresh();
    store = await opened({ database });
    await insertCampaign(store, campaign);
  });

  const card = (number: number, changes: Partial<CampaignCard> = {}): CampaignCard => ({
    campaignId: campaign.id,
    cardTokenId: cardNumber(number),
    class: 'all',
    state: 'waiting',
    reason: null,
    attempts: 0,
    ticketFrom: null,
    ...changes,
  });
  const count = (count: number, changes: Partial<CampaignCount> = {}): CampaignCount => ({
    campaignId: campaign.id,
    class: 'all',
    state: 'waiting',
    reason: '',
    reader: '',
    middleware: '',
    count,
    ownMs: 0,
    othersMs: 0,
    ...changes,
  });
  const write = async (work: Parameters<Store['transaction']>[0]): Promise<void> =>
    void unwrap(await store.transaction(work));
  const refuses = async (sql: string, says: RegExp): Promise<void> => {
    const raw = await rawDatabase(database);
    try {
      await assert.rejects(raw.all(sql), says, sql);
    } finally {
      await raw.close();
    }
  };

  it('are stored with all that they have, and changed by whoever knows their version', async () => {
    assert.deepEqual(await campaignOf(store, campaign.id), campaign);
    const changes = {
      state: 'ready',
      stateAt: NOW + 1,
      dates: { suspension: { at: NOW, armedAt: null, outcome: null }, revocation: null },
      action: { kind: 'suspend', after: 'x', changed: 3 },
      populatedTo: 'z',
      lists: ['all'],
    } as const;
    const change = (version: number) => store.transaction((tx) => tx.changeCampaign(campaign.id, version, changes));
    assert.deepEqual([unwrap(await change(2)), unwrap(await change(1)), unwrap(await change(1))], [false, true, false]);
    assert.deepEqual(await campaignOf(store, campaign.id), { ...campaign, ...changes, version: 2 });
    const acting = unwrap(await store.read((reads) => reads.actingCampaigns()));
    assert.deepEqual(
      acting.map(({ id }) => id),
      [campaign.id],
    );
  });

  it('of cards change together', async () => {
    const after = [
      card(1, { state: 'ticket', ticketFrom: NOW }),
      card(2, { state: 'to-desk', reason: 'officer', attempts: 2 }),
    ];
    await write(async (tx) => {
      await tx.insertCampaignCards([card(1), card(2), card(3)]);
      await tx.storeCampaignCards(after);
    });
    assert.deepEqual(await cardsOf(store, campaign.id), [...after, card(3)]);
    const page = { campaignId: campaign.id, after: '', limit: 10, reason: 'officer' } as const;
    assert.equal(unwrap(await store.read((reads) => reads.campaignCardsPage(page))).length, 1);
  });

  it('of counts are added to, and never fall below zero', async () => {
    await write((tx) => tx.addCampaignCounts([count(3), count(1, { state: 'ticket' })]));
    await write((tx) => tx.addCampaignCounts([count(-2), count(2, { state: 'ticket', ownMs: 5, othersMs: 7 })]));
    const counts = unwrap(await store.read((reads) => reads.campaignCounts(campaign.id)));
    assert.deepEqual(
      counts.map(({ state, count: number, ownMs, othersMs }) => [state, number, ownMs, othersMs]).sort(),
      [
        ['ticket', 3, 5, 7],
        ['waiting', 1, 0, 0],
      ],
    );
    await assert.rejects(
      store.transaction((tx) => tx.addCampaignCounts([count(-2)])),
      /campaign_counts_count|CHECK/,
    );
  });

  it('of readers are bounded, whatever clients call them, and all are counted', async () => {
    const named = (number: number) => count(1, { reader: `reader ${number}`, middleware: 'CryptoLib 5.1' });
    const names = Array.from({ length: NAMED_COUNTS_MAX + 10 }, (_, at) => named(at));
    await write((tx) => tx.addCampaignCounts(names.slice(0, NAMED_COUNTS_MAX - 1)));
    await write((tx) => tx.addCampaignCounts([count(3), ...names.slice(NAMED_COUNTS_MAX - 1)]));
    await write((tx) => tx.addCampaignCounts([named(1), named(5_000)]));
    const counts = unwrap(await store.read((reads) => reads.campaignCounts(campaign.id)));
    const of = (name: string) => counts.find(({ reader }) => reader === name)?.count;
    assert.deepEqual([of(''), of('reader 1'), of('other')], [3, 2, 11]);
    assert.equal(counts.length, NAMED_COUNTS_MAX + 2);
  });

  it('of notices are recorded once for each card and stage', async () => {
    const notice = (stage: string) => ({ campaignId: campaign.id, cardTokenId: cardNumber(1), stage, at: NOW });
    const insert = async (...stages: readonly string[]) =>
      unwrap(await store.transaction((tx) => tx.insertNotices(stages.map(notice)))).size;
    assert.deepEqual([await insert('one', 'two', 'one'), await insert('two', 'three')], [2, 1]);
  });

  it('cannot be changed by SQL where they are final', async () => {
    await write(async (tx) => {
      await tx.insertCampaignCards([card(1, { state: 'confirmed' }), card(2, { state: 'gone' }), card(3)]);
      await tx.insertNotices([{ campaignId: campaign.id, cardTokenId: cardNumber(1), stage: 'one', at: NOW }]);
      await tx.insertListedCards(campaign.id, 'all', [cardNumber(1)]);
      await tx.storeSlots([{ campaignId: campaign.id, class: 'all', minute: 1, taken: 2 }]);
      await tx.addCampaignCounts([count(1)]);
      await tx.changeCampaign(campaign.id, 1, { state: 'ended' });
    });
    for (const [sql, says] of [
      [`update campaigns set state = 'open', version = 9`, /the end is final/],
      [`update campaigns set document = '{}', version = 9`, /began with stays/],
      [`update campaigns set fixed_at = 1, version = 9`, /fixed once/],
      [`update campaigns set state_at = 1`, /higher version/],
      [`update campaign_cards set state = 'waiting' where state = 'confirmed'`, /stays confirmed/],
      [`update campaign_cards set state = 'waiting' where state = 'gone'`, /stays gone/],
      [`update campaign_cards set class = 'other'`, /keeps its campaign/],
      [`update campaign_cards set attempts = -1 where state = 'waiting'`, /not taken back/],
      [`update campaign_notices set at = 1`, /never updated/],
      [`update campaign_lists set class = 'other'`, /never updated/],
      [`update campaign_slots set taken = 1`, /stays taken/],
    ] as const)
      await refuses(sql, says);
    for (const table of ['campaigns', 'campaign_cards', 'campaign_counts', 'campaign_notices', 'campaign_lists'])
      await refuses(`delete from ${table}`, /never deleted/);
  });
});
