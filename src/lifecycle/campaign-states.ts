/**
 * The life of a campaign, and that of a card in it: every state against every event, as tables. A
 * request that is repeated in the state that it leads to changes nothing and succeeds.
 */
import { err, ok, type Result } from '../kernel/result.js';
import type { CampaignCardState, CampaignState } from '../ports/store/cards/campaigns.js';
import { type Fault, fault } from '../texts/text.js';

export type CampaignEvent =
  /** All uploaded lists are there, or none is needed. */
  | 'prepare'
  /** Every card of the population has been checked. */
  | 'populated'
  /** Two officers open it. */
  | 'open'
  | 'pause'
  | 'resume'
  /** Two officers end it. */
  | 'end';

type CampaignRule = 'campaign-draft' | 'campaign-preparing' | 'campaign-ready' | 'campaign-opened' | 'campaign-ended';
type StateConflict = { readonly kind: 'state-conflict' } & Fault;

/** `to` may be the state itself: the event changes nothing. */
type Cell = { readonly to: CampaignState } | { readonly refused: CampaignRule };

const draft: Cell = { refused: 'campaign-draft' };
const preparing: Cell = { refused: 'campaign-preparing' };
const ready: Cell = { refused: 'campaign-ready' };
const opened: Cell = { refused: 'campaign-opened' };
const ended: Cell = { refused: 'campaign-ended' };

/** Each row is a state before the event. Nothing leaves `ended`. */
export const CAMPAIGN_TRANSITIONS: Readonly<Record<CampaignState, Readonly<Record<CampaignEvent, Cell>>>> = {
  draft: {
    prepare: { to: 'preparing' },
    populated: draft,
    open: draft,
    pause: draft,
    resume: draft,
    end: { to: 'ended' },
  },
  preparing: {
    prepare: { to: 'preparing' },
    populated: { to: 'ready' },
    open: preparing,
    pause: preparing,
    resume: preparing,
    end: { to: 'ended' },
  },
  ready: {
    prepare: ready,
    populated: { to: 'ready' },
    open: { to: 'open' },
    pause: ready,
    resume: ready,
    end: { to: 'ended' },
  },
  open: {
    prepare: opened,
    populated: opened,
    open: { to: 'open' },
    pause: { to: 'paused' },
    resume: { to: 'open' },
    end: { to: 'ended' },
  },
  paused: {
    prepare: opened,
    populated: opened,
    open: opened,
    pause: { to: 'paused' },
    resume: { to: 'open' },
    end: { to: 'ended' },
  },
  ended: {
    prepare: ended,
    populated: ended,
    open: ended,
    pause: ended,
    resume: ended,
    end: { to: 'ended' },
  },
};

/**
 * Returns the state after the event, or why there is none. The caller has read the campaign in its
 * transaction, and writes the result.
 */
export function decideCampaign(state: CampaignState, event: CampaignEvent): Result<CampaignState, StateConflict> {
  const cell = CAMPAIGN_TRANSITIONS[state][event];
  return 'to' in cell ? ok(cell.to) : err({ kind: 'state-conflict', ...fault(cell.refused, { state }) });
}

export type CampaignCardEvent =
  /** It has got a place. */
  | 'place'
  /** An update was reserved. */
  | 'begin'
  /** The update ended without a confirmation, and the card may try again. */
  | 'fail'
  /** It is not known whether the card holds its new set. */
  | 'expire'
  | 'confirm'
  /** The card has confirmed an update that has left some of its old certificates in use. */
  | 'confirm-part'
  /** It cannot be updated remotely, or an officer wants it at a desk. */
  | 'send-to-desk'
  /** The card is opposed or returned, or all of its certificates have ended. */
  | 'go';

/** null: the event changes nothing, for example because it comes late. */
type CardCell = CampaignCardState | null;

/** Each row is a state before the event. Nothing leaves `gone`; `confirmed` leads there only. */
export const CAMPAIGN_CARD_TRANSITIONS: Readonly<
  Record<CampaignCardState, Readonly<Record<CampaignCardEvent, CardCell>>>
> = {
  waiting: {
    place: 'ticket',
    // The card begins in the place of another campaign, or before this campaign is open.
    begin: 'begun',
    fail: null,
    expire: null,
    // An update that began before this campaign was opened is confirmed now.
    confirm: 'confirmed',
    'confirm-part': null,
    'send-to-desk': 'to-desk',
    go: 'gone',
  },
  ticket: {
    // The place was not used in time, and it gets another one.
    place: 'ticket',
    begin: 'begun',
    fail: null,
    expire: null,
    confirm: 'confirmed',
    'confirm-part': null,
    'send-to-desk': 'to-desk',
    go: 'gone',
  },
  begun: {
    place: null,
    begin: null,
    fail: 'waiting',
    expire: 'undetermined',
    confirm: 'confirmed',
    'confirm-part': 'waiting',
    'send-to-desk': 'to-desk',
    go: 'gone',
  },
  undetermined: {
    place: null,
    begin: null,
    fail: 'waiting',
    expire: null,
    confirm: 'confirmed',
    'confirm-part': 'waiting',
    'send-to-desk': 'to-desk',
    go: 'gone',
  },
  'to-desk': {
    // A service desk uses the same calls as all clients. The card stays listed until it has
    // confirmed.
    place: null,
    begin: null,
    fail: null,
    expire: null,
    confirm: 'confirmed',
    'confirm-part': null,
    'send-to-desk': null,
    go: 'gone',
  },
  confirmed: {
    place: null,
    begin: null,
    fail: null,
    expire: null,
    confirm: null,
    'confirm-part': null,
    'send-to-desk': null,
    go: 'gone',
  },
  gone: {
    place: null,
    begin: null,
    fail: null,
    expire: null,
    confirm: null,
    'confirm-part': null,
    'send-to-desk': null,
    go: null,
  },
};

/** Returns the state after the event; null: it stays as it is. */
export function decideCampaignCard(state: CampaignCardState, event: CampaignCardEvent): CampaignCardState | null {
  return CAMPAIGN_CARD_TRANSITIONS[state][event];
}
