/**
 * The dates of campaigns. Without these guards one officer, or a date that nobody has looked at for
 * months, could suspend or revoke the cards of everybody.
 */
import assert from 'node:assert/strict';
import { reportCampaigns } from '../../../src/compose/metrics/campaign-metrics.js';
import { actOnCampaignDatesJob } from '../../../src/jobs/campaigns/dates.js';
import { DAY_MS, HOUR_MS } from '../../../src/kernel/duration.js';
import { createMetrics } from '../../../src/observe/metrics.js';
import { type CampaignDecision, decideChange } from '../../../src/operations/campaigns/decide.js';
import type { World } from '../../../src/operations/world.js';
import type { Campaign } from '../../../src/ports/store/cards/campaigns.js';
import type { Store } from '../../../src/ports/store.js';
import {
  campaignOf,
  cardNumber,
  certificatesOf,
  change,
  countsOf,
  insertCards,
  openedCampaign,
} from '../../support/campaigns/stage.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, NOW } from '../../support/db/records.js';
import { withRun } from '../../support/db/runs.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { setState } from '../../support/db/unaudited.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';
import { SILENT_LOG } from '../../support/status/authority.js';
import { testPolicy } from '../../unit/policy/fixtures.js';

const DATE = NOW + 10 * DAY_MS;

describeOnEach('a date of a campaign', ({ opened }) => {
  let now: number;
  let store: Store;
  let world: World;
  let campaign: Campaign;
  let published: number;
  const missed: unknown[] = [];

  beforeEach(async () => {
    now = NOW;
    published = 0;
    missed.length = 0;
    store = await opened({ clock: () => now });
    await withRun(store);
    const base = testPolicy();
    const policy = { ...base, environment: { ...base.environment, suspensionAlsoFor: [...base.profiles.keys()] } };
    world = {
      policy,
      store,
      clock: () => now,
      log: { ...SILENT_LOG, error: (event: string, fields: unknown) => missed.push([event, fields]) },
      statusChanged: (changes: readonly unknown[]) => {
        published += changes.length;
      },
    } as unknown as World;
    await insertCards(store, [1, 2, 3]);
    campaign = await openedCampaign(store);
  });

  /** What two officers decide; without the approval, which has tests of its own. */
  async function decide(decision: CampaignDecision): Promise<string> {
    const present = await campaignOf(store, campaign.id);
    const decided = decideChange(world, present, { decision, now });
    if (!decided.ok) return decided.error.kind === 'state-conflict' ? decided.error.rule : decided.error.kind;
    await change(store, campaign.id, decided.value.changes);
    return 'ok';
  }
  const work = () => workDue(actOnCampaignDatesJob, world, sharedWorldOf(store));
  const statuses = async (number: number) => {
    const records = unwrap(await store.read((reads) => reads.certificatesOfCards([cardNumber(number)])));
    return records.map(({ state }) => state.status);
  };
  const audited = async () =>
    (await storedAudit(store)).flatMap(({ type, actor }) =>
      type.startsWith('campaign.') ? [`${type} by ${actor}`] : [],
    );
  const confirm = async (number: number): Promise<void> => {
    unwrap(
      await store.transaction((tx) =>
        tx.storeCampaignCards([
          {
            campaignId: campaign.id,
            cardTokenId: cardNumber(number),
            class: 'all',
            state: 'confirmed',
            reason: null,
            attempts: 0,
            ticketFrom: null,
          },
        ]),
      ),
    );
    unwrap(
      await store.transaction((tx) =>
        tx.addCampaignCounts(
          (['waiting', 'confirmed'] as const).map((state) => ({
            campaignId: campaign.id,
            class: 'all',
            state,
            reason: '' as const,
            reader: '',
            middleware: '',
            count: state === 'waiting' ? -1 : 1,
            ownMs: 0,
            othersMs: 0,
          })),
        ),
      ),
    );
  };

  it('that is not armed passes with an alarm, and nothing happens', async () => {
    assert.equal(await decide({ kind: 'dates', suspendsAt: DATE, revokesAt: DATE + DAY_MS }), 'ok');
    now = DATE;
    await work();
    assert.deepEqual(await statuses(1), ['issued', 'issued']);
    assert.equal((await campaignOf(store, campaign.id)).dates.suspension?.outcome, 'missed');
    assert.deepEqual(
      missed.map((one) => (one as readonly [string])[0]),
      ['campaign.date-missed'],
    );
    assert.deepEqual(await audited(), ['campaign.ready by system', 'campaign.date-missed by system']);
    assert.deepEqual(await work(), []);
    const metrics = createMetrics();
    await reportCampaigns(store, metrics);
    assert.deepEqual((await metrics.campaignMissedDates.get()).values, [
      { value: 1, labels: { campaign: campaign.id, date: 'suspension' } },
    ]);
    assert.equal(await decide({ kind: 'dates', suspendsAt: null }), 'ok');
    await reportCampaigns(store, metrics);
    assert.deepEqual((await metrics.campaignMissedDates.get()).values, [], 'the alert ends');
  });

  it('is armed within the seven days before it, and moving it disarms it', async () => {
    await decide({ kind: 'dates', suspendsAt: DATE });
    assert.equal(await decide({ kind: 'arm', date: 'suspension' }), 'date-near');
    assert.equal(await decide({ kind: 'arm', date: 'revocation' }), 'date-set');
    now = DATE - 7 * DAY_MS;
    assert.equal(await decide({ kind: 'arm', date: 'suspension' }), 'ok');
    assert.equal((await campaignOf(store, campaign.id)).dates.suspension?.armedAt, now);
    assert.equal(await decide({ kind: 'dates', suspendsAt: DATE + HOUR_MS }), 'ok');
    assert.equal((await campaignOf(store, campaign.id)).dates.suspension?.armedAt, null);
    now = DATE + HOUR_MS;
    await work();
    assert.deepEqual(await statuses(1), ['issued', 'issued']);
    assert.equal(await decide({ kind: 'dates', suspendsAt: now }), 'date-in-future');
  });

  it('suspends what is not confirmed, and two officers release that and nothing else', async () => {
    const [own] = certificatesOf(2);
    assert.ok(own);
    const suspended = { status: 'suspended', at: NOW, invalidityDate: null } as const;
    unwrap(await store.transaction((tx) => setState(tx, own.id, [suspended, { at: NOW, actor: 'officer' }])));
    await confirm(3);
    const fresh = certificatesOf(4, { cardTokenId: cardNumber(1), createdAt: NOW + 1 });
    unwrap(await store.transaction(async (tx) => void (await certify(tx, fresh[0] as (typeof fresh)[0]))));
    await decide({ kind: 'dates', suspendsAt: DATE });
    now = DATE - HOUR_MS;
    await decide({ kind: 'arm', date: 'suspension' });
    now = DATE;
    await work();
    assert.deepEqual((await statuses(1)).sort(), ['issued', 'suspended', 'suspended']);
    assert.deepEqual(await statuses(2), ['suspended', 'suspended']);
    assert.deepEqual(await statuses(3), ['issued', 'issued']);
    assert.equal(published, 3);
    const events = unwrap(await store.read((reads) => reads.statusEvents(certificatesOf(1)[0]?.id ?? '')));
    assert.equal(events.at(-1)?.actor, `campaign:${campaign.id}`);
    assert.equal(await decide({ kind: 'release' }), 'ok');
    await work();
    assert.deepEqual(await statuses(1), ['issued', 'issued', 'issued']);
    assert.deepEqual((await statuses(2)).sort(), ['issued', 'suspended']);
    assert.equal((await campaignOf(store, campaign.id)).action, null);
  });

  it('revokes with the reason of the campaign, and cards without a certificate are gone', async () => {
    await confirm(3);
    await decide({ kind: 'dates', revokesAt: DATE });
    now = DATE - HOUR_MS;
    await decide({ kind: 'arm', date: 'revocation' });
    now = DATE;
    await work();
    assert.deepEqual(await statuses(1), ['revoked', 'revoked']);
    assert.deepEqual(await statuses(3), ['issued', 'issued']);
    assert.deepEqual(await countsOf(store, campaign.id), { 'all confirmed': 1, 'all gone': 2 });
    assert.deepEqual((await audited()).slice(-2), [
      'campaign.date-reached by system',
      `campaign.revoked by campaign:${campaign.id}`,
    ]);
  });

  it('whose revocation is under way is not ended by a release, but by the end of the campaign', async () => {
    await change(store, campaign.id, { action: { kind: 'revoke', after: cardNumber(1), changed: 2 } });
    assert.equal(await decide({ kind: 'release' }), 'campaign-revoking');
    assert.equal((await campaignOf(store, campaign.id)).action?.kind, 'revoke');
    assert.equal(await decide({ kind: 'end' }), 'ok');
    assert.equal(await decide({ kind: 'release' }), 'ok');
  });

  it('does nothing while the campaign is paused, and what it has begun stops until it goes on (Entrust 2024)', async () => {
    await decide({ kind: 'dates', suspendsAt: DATE, revokesAt: DATE + DAY_MS });
    now = DATE - HOUR_MS;
    await decide({ kind: 'arm', date: 'suspension' });
    await change(store, campaign.id, { state: 'paused' });
    now = DATE;
    await work();
    assert.deepEqual(await statuses(1), ['issued', 'issued']);
    assert.equal((await campaignOf(store, campaign.id)).dates.suspension?.outcome, 'missed');
    await change(store, campaign.id, { action: { kind: 'suspend', after: cardNumber(1), changed: 0 } });
    assert.deepEqual(await work(), []);
    await change(store, campaign.id, { state: 'open' });
    await work();
    assert.deepEqual(
      [await statuses(1), await statuses(2)],
      [
        ['issued', 'issued'],
        ['suspended', 'suspended'],
      ],
    );
  });

  it('is set while the campaign lasts; its end stops everything but a release', async () => {
    await change(store, campaign.id, { action: { kind: 'suspend', after: '', changed: 0 } });
    assert.equal(await decide({ kind: 'end' }), 'ok');
    assert.equal((await campaignOf(store, campaign.id)).action, null);
    assert.equal(await decide({ kind: 'dates', suspendsAt: DATE }), 'campaign-ended');
    assert.equal(await decide({ kind: 'open', others: [] }), 'campaign-ended');
    assert.equal(await decide({ kind: 'release' }), 'ok');
  });
});
