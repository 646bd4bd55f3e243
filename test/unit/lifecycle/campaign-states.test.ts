/**
 * The states of campaigns and of their cards. Without these tables an ended campaign could revoke,
 * or a confirmed card could be counted as one that still has to come.
 */
import assert from 'node:assert/strict';
import {
  CAMPAIGN_CARD_TRANSITIONS,
  CAMPAIGN_TRANSITIONS,
  type CampaignCardEvent,
  type CampaignEvent,
  decideCampaign,
  decideCampaignCard,
} from '../../../src/lifecycle/campaign-states.js';
import {
  CAMPAIGN_CARD_STATES,
  CAMPAIGN_STATES,
  type CampaignCardState,
  type CampaignState,
} from '../../../src/ports/store/cards/campaigns.js';

/** Where each event leads, and from where: written from the design, not from the table. */
const LEADS: Readonly<Record<CampaignEvent, Readonly<Partial<Record<CampaignState, CampaignState>>>>> = {
  prepare: { draft: 'preparing', preparing: 'preparing' },
  populated: { preparing: 'ready', ready: 'ready' },
  open: { ready: 'open', open: 'open' },
  pause: { open: 'paused', paused: 'paused' },
  resume: { open: 'open', paused: 'open' },
  end: { draft: 'ended', preparing: 'ended', ready: 'ended', open: 'ended', paused: 'ended', ended: 'ended' },
};

const CARD_LEADS: Readonly<Record<CampaignCardEvent, Readonly<Partial<Record<CampaignCardState, CampaignCardState>>>>> =
  {
    place: { waiting: 'ticket', ticket: 'ticket' },
    begin: { waiting: 'begun', ticket: 'begun' },
    fail: { begun: 'waiting', undetermined: 'waiting' },
    expire: { begun: 'undetermined' },
    confirm: {
      waiting: 'confirmed',
      ticket: 'confirmed',
      begun: 'confirmed',
      undetermined: 'confirmed',
      'to-desk': 'confirmed',
    },
    'confirm-part': { begun: 'waiting', undetermined: 'waiting' },
    'send-to-desk': { waiting: 'to-desk', ticket: 'to-desk', begun: 'to-desk', undetermined: 'to-desk' },
    go: {
      waiting: 'gone',
      ticket: 'gone',
      begun: 'gone',
      undetermined: 'gone',
      'to-desk': 'gone',
      confirmed: 'gone',
    },
  };

describe('life of a campaign', () => {
  for (const event of Object.keys(CAMPAIGN_TRANSITIONS.draft) as readonly CampaignEvent[])
    it(`${event} leads where the design says, and is refused with a rule everywhere else`, () => {
      for (const state of CAMPAIGN_STATES) {
        const next = decideCampaign(state, event);
        const expected = LEADS[event][state];
        if (expected === undefined) assert.match(next.ok ? next.value : next.error.rule, /^campaign-/, state);
        else assert.deepEqual(next, { ok: true, value: expected }, state);
      }
    });
});

describe('life of a card in a campaign', () => {
  for (const event of Object.keys(CAMPAIGN_CARD_TRANSITIONS.waiting) as readonly CampaignCardEvent[])
    it(`${event} leads where the design says, and changes nothing everywhere else`, () => {
      for (const state of CAMPAIGN_CARD_STATES)
        assert.equal(decideCampaignCard(state, event), CARD_LEADS[event][state] ?? null, state);
    });
});
