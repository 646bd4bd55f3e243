/**
 * Places of a class of a campaign. Each class has `capacityPerHour / 60` places in a minute; where
 * that is no whole number, the places of an hour are exact and those of its minutes differ by one.
 * A card gets the first place that is free, so all places before the newest taken one are taken or
 * past, and the newest minute is all that has to be read.
 */
import { assert } from '../kernel/assert.js';
import type { Instant } from '../kernel/clock.js';
import { HOUR_MS, MINUTE_MS } from '../kernel/duration.js';

/**
 * Compares the certificates that a card has, as it states them after writing, with those that it
 * should have. Each certificate is named by the SHA-256 of its DER, in lower-case hex.
 */
export type ReadBack =
  /** The card has all new certificates. */
  | { readonly kind: 'all' }
  /** The card has none of them. */
  | { readonly kind: 'none' }
  /** Writing was interrupted: these new ones are missing. */
  | { readonly kind: 'partial'; readonly missing: readonly string[] }
  /** The card has certificates that this platform has never made for it. */
  | { readonly kind: 'unknown'; readonly certificates: readonly string[] };

type KnownOnCard = {
  /** The new certificates of the update; never empty. */
  readonly fresh: readonly string[];
  /** All other certificates that were ever made for the card. */
  readonly earlier: readonly string[];
};

/**
 * An unknown certificate comes before everything else: the card then goes to a desk. A card may
 * keep earlier certificates, and it does not matter how often it states one, or in which order.
 */
export function compareReadBack(onCard: readonly string[], { fresh, earlier }: KnownOnCard): ReadBack {
  const found = new Set(onCard);
  const known = new Set([...fresh, ...earlier]);
  const certificates = [...found].filter((one) => !known.has(one));
  if (certificates.length > 0) return { kind: 'unknown', certificates };
  const missing = fresh.filter((one) => !found.has(one));
  if (missing.length === 0) return { kind: 'all' };
  return missing.length === fresh.length ? { kind: 'none' } : { kind: 'partial', missing };
}

/** A ticket is good for so long; then the card gets another place. */
const TICKET_GOOD_MS = 2 * HOUR_MS;

const MINUTES_AN_HOUR = 60;

/** A minute since 1970, and how many of its places are taken. */
export type TakenPlaces = { readonly minute: number; readonly taken: number };

export type Ticket = { readonly from: Instant; readonly until: Instant };

/** How many places a minute has. Any 60 minutes in a row have `capacityPerHour` together. */
export function placesIn(minute: number, capacityPerHour: number): number {
  const before = (end: number): number => Math.floor((end * capacityPerHour) / MINUTES_AN_HOUR);
  const ofHour = minute % MINUTES_AN_HOUR;
  return before(ofHour + 1) - before(ofHour);
}

/**
 * Finds the next free place from the minute of `now` on. `newest`: the newest minute in which a
 * place is taken; null: none ever was. Places of a minute begin one after the other, so that its
 * cards do not all come at once. Returns the beginning of the place, and the row to store.
 */
export function takePlace({
  now,
  capacityPerHour,
  newest,
}: {
  readonly now: Instant;
  readonly capacityPerHour: number;
  readonly newest: TakenPlaces | null;
}): { readonly from: Instant; readonly places: TakenPlaces } {
  assert(Number.isSafeInteger(capacityPerHour) && capacityPerHour >= 1, 'a class has places');
  const first = Math.floor(now / MINUTE_MS);
  let { minute, taken } = newest !== null && newest.minute >= first ? newest : { minute: first, taken: 0 };
  while (taken >= placesIn(minute, capacityPerHour)) {
    minute += 1;
    taken = 0;
  }
  const from = minute * MINUTE_MS + Math.floor((taken * MINUTE_MS) / placesIn(minute, capacityPerHour));
  return { from, places: { minute, taken: taken + 1 } };
}

export function ticketOf(from: Instant): Ticket {
  return { from, until: from + TICKET_GOOD_MS };
}

/** Whether a ticket that begins at `from` is not over. null: there is none. */
export function isGood(from: Instant | null, now: Instant): from is Instant {
  return from !== null && now <= from + TICKET_GOOD_MS;
}
