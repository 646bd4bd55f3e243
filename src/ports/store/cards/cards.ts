/**
 * Cards from their first certificate to their end, the states of holders, and the open procedures
 * of holders.
 */
import type { Instant } from '../../../kernel/clock.js';

export const CARD_STATES = ['in-use', 'opposed', 'returned'] as const;
export type CardState = (typeof CARD_STATES)[number];

/** What a card can do, as a client has read it from the card. */
export type CardCapabilities = {
  readonly generation: string;
  /** Version of the applet: `3.2.1`. */
  readonly applet: string;
  /** Types of keys that the card can make. */
  readonly keyTypes: readonly string[];
  /** Containers in which new keys fit while the present ones stay. */
  readonly spareContainers: number;
  readonly reportedAt: Instant;
  /** The account or certificate that has reported them. */
  readonly reportedBy: string;
};

/** What a card gets from its first certificate, and again from that of another holder. */
export type CardFacts = {
  readonly tokenId: string;
  /** null: not known, because the card has no certificate yet. */
  readonly product: string | null;
  /** null: as for the product. */
  readonly holderId: string | null;
  /** null: the holder has none, or is not known. */
  readonly profession: string | null;
};

export type StoredCard = CardFacts & {
  readonly state: CardState;
  readonly stateAt: Instant;
  /** The reason of the revocation that ended it, or `scrapped` or `replaced`; null: in use. */
  readonly reason: string | null;
  /** Number of the card that replaces it; null: none does. */
  readonly replacedBy: string | null;
  /** When the overlap with that card ends; null: no replacement is under way. */
  readonly replacedUntil: Instant | null;
  /** null: nobody has reported them. */
  readonly capabilities: CardCapabilities | null;
  /** From 1; each change adds 1. */
  readonly version: number;
};

export type EndedCard = CardFacts & {
  readonly state: Exclude<CardState, 'in-use'>;
  readonly reason: string;
};

export type HolderState = 'free' | 'barred';

/** A holder has a record from the first change of its state; without one it is free. */
export type StoredHolder = {
  readonly holderId: string;
  readonly state: HolderState;
  readonly stateAt: Instant;
  readonly actor: string;
  readonly version: number;
};

/** An update or a replacement of a card. A holder has one at a time for each profession. */
export type OpenProcedure = {
  readonly holderId: string;
  /** Empty: the holder has none. */
  readonly profession: string;
  readonly kind: 'update' | 'replacement';
  /** The id of the update, or the number of the card that is replaced. */
  readonly reference: string;
  readonly openedAt: Instant;
};

/**
 * The states that decide whether a request for certificates is possible. Unknown cards and free
 * holders are left out.
 */
export type IssuanceStates = {
  readonly cards: ReadonlyMap<string, CardFacts & Pick<StoredCard, 'state' | 'replacedUntil'>>;
  readonly barred: ReadonlySet<string>;
};

export type CardReads = {
  /** One statement for all cards and holders of a group of requests. */
  readonly issuanceStates: (of: {
    readonly tokenIds: readonly string[];
    readonly holderIds: readonly string[];
  }) => Promise<IssuanceStates>;
  /** Ordered by number. Unknown numbers are left out. */
  readonly cardsById: (tokenIds: readonly string[]) => Promise<readonly StoredCard[]>;
  /** Ordered by number; `after`: only numbers that follow this one. */
  readonly cardsAfter: (page: {
    readonly state: CardState | null;
    readonly holderId: string | null;
    readonly after: string;
    readonly limit: number;
  }) => Promise<readonly StoredCard[]>;
  /** Cards that one of these cards replaces now. */
  readonly cardsReplacedBy: (tokenIds: readonly string[]) => Promise<readonly StoredCard[]>;
  /** Cards whose overlap has ended by `now`, the earliest first. */
  readonly replacementsDue: (now: Instant, limit: number) => Promise<readonly StoredCard[]>;
  /**
   * Counts, up to `limit`, the cards without a holder of which this actor has reported capabilities
   * since then.
   */
  readonly countCardsWithoutHolder: (reports: {
    readonly reportedBy: string;
    readonly since: Instant;
    readonly limit: number;
  }) => Promise<number>;
  readonly holdersById: (holderIds: readonly string[]) => Promise<readonly StoredHolder[]>;
  readonly proceduresOf: (holderIds: readonly string[]) => Promise<readonly OpenProcedure[]>;
  /** Hashes of keys with several records, ascending; `after`: only hashes that follow this one. */
  readonly repeatedKeys: (page: { readonly after: string; readonly limit: number }) => Promise<readonly string[]>;
};

export type CapabilityReport = { readonly tokenId: string; readonly capabilities: CardCapabilities };

export type CardWrites = {
  /** Inserts cards, and takes known ones back to `in-use` with these facts: one statement. */
  readonly putCardsInUse: (cards: readonly CardFacts[], at: Instant) => Promise<void>;
  /** Ends cards, and inserts unknown ones as ended. No replacement of theirs is under way then. */
  readonly endCards: (ended: readonly EndedCard[], at: Instant) => Promise<void>;
  readonly setCapabilities: (reports: readonly CapabilityReport[]) => Promise<void>;
  /** null: the replacement is given up. */
  readonly setReplacement: (
    tokenId: string,
    replacement: { readonly by: string; readonly until: Instant } | null,
  ) => Promise<void>;
  readonly setHolderState: (
    holderId: string,
    change: { readonly state: HolderState; readonly at: Instant; readonly actor: string },
  ) => Promise<void>;
  /**
   * Inserts procedures, but none for a holder who has an open procedure for the same profession.
   * Returns how many were inserted.
   */
  readonly openProcedures: (procedures: readonly OpenProcedure[]) => Promise<number>;
  /** Closes the procedures with these references. Those that are closed already are left out. */
  readonly closeProcedures: (kind: OpenProcedure['kind'], references: readonly string[]) => Promise<void>;
};
