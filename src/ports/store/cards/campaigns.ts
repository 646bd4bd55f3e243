/**
 * Campaigns: many cards that are to get new keys, their places in time, and what was counted. The
 * counts are rows that the transactions change, because counting a million cards takes seconds.
 */
import type { Instant } from '../../../kernel/clock.js';
import type { RevocationReason } from '../statuses.js';
import type { StoredCard } from './cards.js';

export const CAMPAIGN_STATES = ['draft', 'preparing', 'ready', 'open', 'paused', 'ended'] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

export const CAMPAIGN_CARD_STATES = [
  'waiting',
  'ticket',
  'begun',
  'undetermined',
  'to-desk',
  'confirmed',
  'gone',
] as const;
export type CampaignCardState = (typeof CAMPAIGN_CARD_STATES)[number];

export const DESK_REASONS = [
  'generation-unknown',
  'generation-cannot-update',
  'applet-too-old',
  'key-type-not-made',
  'no-spare-container',
  'no-live-authentication-key',
  'duplicate-key',
  'failed-too-often',
  'unknown-certificate',
  'update-contradicted',
  'officer',
] as const;
export type DeskReason = (typeof DESK_REASONS)[number];

/** All that are not null must match one certificate of the card, or the card itself. */
export type CardCriteria = {
  readonly issuers: readonly string[] | null;
  readonly profiles: readonly string[] | null;
  readonly keyTypes: readonly string[] | null;
  /** Times at which the certificate was made, both included. */
  readonly keyMadeFrom: Instant | null;
  readonly keyMadeUntil: Instant | null;
  readonly products: readonly string[] | null;
  readonly generations: readonly string[] | null;
  /** Versions below this one. */
  readonly appletBelow: string | null;
};

/** `list`: the cards of the uploaded lists of the classes. */
export type CampaignSelection = ({ readonly kind: 'criteria' } & CardCriteria) | { readonly kind: 'list' };

export type ClassSelection =
  | {
      readonly kind: 'criteria';
      readonly products: readonly string[] | null;
      readonly professions: readonly string[] | null;
    }
  | { readonly kind: 'list' };

export type CampaignClass = {
  readonly name: string;
  readonly select: ClassSelection;
  /** null: when the campaign is opened. */
  readonly opensAt: Instant | null;
  readonly capacityPerHour: number;
};

/** What a campaign is created with; it never changes. */
export type CampaignDocument = {
  readonly name: string;
  readonly reason: Exclude<RevocationReason, 'certificateHold'>;
  readonly selection: CampaignSelection;
  /** A card belongs to the first class that fits. */
  readonly classes: readonly CampaignClass[];
  /** Whether a suspended key may begin an update. */
  readonly fromSuspended: boolean;
  readonly channel: 'secure-messaging' | 'any';
  /** What becomes of the old certificates; null: what their profile says. */
  readonly supersede: 'revoke' | 'let-end' | null;
  /**
   * Copied from the policy at creation: a card with more failed updates than this goes to a desk.
   */
  readonly attemptsMax: number;
};

/**
 * `missed`: the date passed while it was not armed, or the campaign not open: nothing happened.
 */
export type CampaignDate = {
  readonly at: Instant;
  /** null: no officers have armed it. */
  readonly armedAt: Instant | null;
  readonly outcome: 'acted' | 'missed' | null;
};

export const DATE_KINDS = ['suspension', 'revocation'] as const;
export type DateKind = (typeof DATE_KINDS)[number];
export type CampaignDates = { readonly [Kind in DateKind]: CampaignDate | null };

/** What a campaign does to the certificates of its cards, part by part. */
export type CampaignAction = {
  readonly kind: 'suspend' | 'revoke' | 'release';
  /** The last card of the parts that are done; an empty text: none is. */
  readonly after: string;
  /** Certificates that were changed. */
  readonly changed: number;
};

export type Campaign = {
  /** UUID. */
  readonly id: string;
  readonly document: CampaignDocument;
  readonly state: CampaignState;
  readonly stateAt: Instant;
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly dates: CampaignDates;
  /** null: there is nothing to do. */
  readonly action: CampaignAction | null;
  /** The moment of the population; null: it has not begun. */
  readonly fixedAt: Instant | null;
  /** The last card that the population has looked at; an empty text: none. */
  readonly populatedTo: string;
  /** Classes whose lists are complete. */
  readonly lists: readonly string[];
  readonly version: number;
};

export type CampaignChanges = Partial<
  Pick<Campaign, 'state' | 'stateAt' | 'dates' | 'action' | 'fixedAt' | 'populatedTo' | 'lists'>
>;

/** A card in a campaign. */
export type CampaignCard = {
  readonly campaignId: string;
  readonly cardTokenId: string;
  readonly class: string;
  readonly state: CampaignCardState;
  /** Why it has to go to a desk; null in every other state. */
  readonly reason: DeskReason | null;
  /** Updates that did not end in a confirmation. */
  readonly attempts: number;
  /** The beginning of its place; null: it has none. */
  readonly ticketFrom: Instant | null;
};

export type CardOfCampaign = { readonly card: CampaignCard; readonly campaign: Campaign };

/** `reader` and `middleware` are empty where the count is about cards in a state. */
export type CampaignCountKey = {
  readonly campaignId: string;
  readonly class: string;
  readonly state: CampaignCardState;
  /** Empty: none. */
  readonly reason: DeskReason | '';
  readonly reader: string;
  readonly middleware: string;
};

export type CampaignCount = CampaignCountKey & {
  readonly count: number;
  /**
   * Sums over the confirmed updates: `ownMs` until the new certificates were offered, `othersMs`
   * from then until the confirmation.
   */
  readonly ownMs: number;
  readonly othersMs: number;
};

/** The places of a class that were taken in a minute since 1970. */
export type CampaignSlot = {
  readonly campaignId: string;
  readonly class: string;
  readonly minute: number;
  readonly taken: number;
};

type CampaignNotice = {
  readonly campaignId: string;
  readonly cardTokenId: string;
  readonly stage: string;
  readonly at: Instant;
};

/** A card that a campaign selects. */
export type SelectedCard = {
  readonly card: StoredCard;
  /** Classes in whose lists it is. */
  readonly listedIn: readonly string[];
  /**
   * Profiles of its certificates that the campaign is about. Empty if the capabilities of the card
   * are not known: only together do they say whether it has to go to a desk.
   */
  readonly profiles: readonly string[];
};

type CardPage = { readonly campaignId: string; readonly after: string; readonly limit: number };

export type CampaignReads = {
  readonly campaign: (id: string) => Promise<Campaign | null>;
  /** Campaigns that have not ended, newest first. */
  readonly liveCampaigns: (limit: number) => Promise<readonly Campaign[]>;
  /** Newest first; `before`: only campaigns that were created before this one. */
  readonly campaignsPage: (page: {
    readonly state: CampaignState | undefined;
    readonly limit: number;
    readonly before: string | null;
  }) => Promise<readonly Campaign[]>;
  /** Campaigns that have an action to do, oldest first. */
  readonly actingCampaigns: () => Promise<readonly Campaign[]>;
  /** Rows of these cards in campaigns that are open or paused, oldest campaign first. */
  readonly openCampaignCards: (tokenIds: readonly string[]) => Promise<readonly CardOfCampaign[]>;
  /** Rows of these cards in campaigns that have not ended, oldest campaign first. */
  readonly liveCampaignCards: (tokenIds: readonly string[]) => Promise<readonly CardOfCampaign[]>;
  readonly campaignCards: (campaignId: string, tokenIds: readonly string[]) => Promise<readonly CampaignCard[]>;
  /** Ordered by card; `after`: only cards that follow this one. */
  readonly campaignCardsPage: (
    page: CardPage & { readonly state?: CampaignCardState | undefined; readonly reason?: DeskReason | undefined },
  ) => Promise<readonly CampaignCard[]>;
  readonly campaignCounts: (campaignId: string) => Promise<readonly CampaignCount[]>;
  /** The latest minute of a class in which a place was taken; null: none ever was. */
  readonly lastSlot: (campaignId: string, className: string) => Promise<CampaignSlot | null>;
  /** How many places of a class are taken from minute `from` on, before minute `until`. */
  readonly takenPlaces: (
    of: Omit<CampaignSlot, 'minute' | 'taken'> & {
      readonly from: number;
      readonly until: number;
    },
  ) => Promise<number>;
  /** The last card that is looked at in the next page of a population; null: there are no more. */
  readonly populationPageEnd: (after: string, limit: number) => Promise<string | null>;
  /**
   * Cards with numbers above `after`, up to `upTo`, that the campaign selects as of the moment of
   * its population. The caller compares the versions of their applets.
   */
  readonly selectCards: (page: {
    readonly campaign: Campaign;
    readonly after: string;
    readonly upTo: string;
  }) => Promise<readonly SelectedCard[]>;
  /** The actor of the last change of each certificate. */
  readonly lastActors: (certificateIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;
};

export type CampaignWrites = {
  readonly insertCampaign: (campaign: Campaign) => Promise<void>;
  /** false: it has another version by now. */
  readonly changeCampaign: (id: string, expectedVersion: number, changes: CampaignChanges) => Promise<boolean>;
  readonly insertCampaignCards: (cards: readonly CampaignCard[]) => Promise<void>;
  /** Writes state, reason, attempts and ticket. */
  readonly storeCampaignCards: (cards: readonly CampaignCard[]) => Promise<void>;
  /** Adds to the counts; no two have the same key. */
  readonly addCampaignCounts: (counts: readonly CampaignCount[]) => Promise<void>;
  readonly storeSlots: (slots: readonly CampaignSlot[]) => Promise<void>;
  /** Returns how many are new. */
  readonly insertListedCards: (campaignId: string, className: string, tokenIds: readonly string[]) => Promise<number>;
  /** Returns those that are new, each as its stage, a space, and its card. */
  readonly insertNotices: (notices: readonly CampaignNotice[]) => Promise<ReadonlySet<string>>;
};
