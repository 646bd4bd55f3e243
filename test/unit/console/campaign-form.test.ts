/** What the forms of campaigns make of their fields. */
import assert from 'node:assert/strict';
import { CAMPAIGN_ACTIONS, movedDates } from '../../../src/console/pages/campaign/actions.js';
import type { CampaignData } from '../../../src/console/pages/campaign/data.js';
import { documentOf } from '../../../src/console/pages/campaigns/campaigns.js';
import type { Campaign } from '../../../src/ports/store/cards/campaigns.js';

const at = (written: string): number => Date.parse(written);

describe('the form of a campaign', () => {
  it('is another one after the campaign was paused or resumed, also where it is in the same state again', () => {
    const before = { campaign: { id: 'one', state: 'paused', stateAt: 1, dates: {} } } as CampaignData;
    const after = { campaign: { ...before.campaign, stateAt: 2 } } as CampaignData;
    for (const { id, version } of CAMPAIGN_ACTIONS) assert.notEqual(version(before), version(after), id);
  });

  it('selects whole days, and each name once', () => {
    const { selection, classes, fromSuspended, supersede } = documentOf(
      {
        name: 'weak keys',
        reason: 'superseded',
        cards: 'criteria',
        keyTypes: 'rsa-2048, rsa-3072,rsa-2048',
        keyMadeFrom: '2026-01-01',
        keyMadeUntil: '2026-01-31',
        class: 'all',
        capacity: '600',
        channel: 'any',
      },
      5,
    );
    assert.deepEqual(selection, {
      kind: 'criteria',
      issuers: null,
      profiles: null,
      keyTypes: ['rsa-2048', 'rsa-3072'],
      products: null,
      generations: null,
      keyMadeFrom: at('2026-01-01T00:00:00Z'),
      keyMadeUntil: at('2026-01-31T23:59:59Z'),
      appletBelow: null,
    });
    assert.deepEqual(
      classes.map(({ name, capacityPerHour }) => [name, capacityPerHour]),
      [['all', 600]],
    );
    assert.deepEqual([fromSuspended, supersede], [false, null]);
  });

  it('moves the dates whose days were changed, and takes away those that were emptied', () => {
    const suspension = { at: at('2027-03-01T08:30:00Z'), armedAt: null, outcome: null };
    const campaign = { dates: { suspension, revocation: null } } as Campaign;
    assert.deepEqual(movedDates({ campaign }, { suspendsAt: '2027-03-01' }), []);
    assert.deepEqual(movedDates({ campaign }, {}), [{ kind: 'suspension', to: null }]);
    assert.deepEqual(movedDates({ campaign }, { suspendsAt: '2027-03-01', revokesAt: '2027-04-01' }), [
      { kind: 'revocation', to: at('2027-04-01T00:00:00Z') },
    ]);
  });
});
