/**
 * Places of a class of a campaign. Each class has `capacityPerHour / 60` places in a minute; where
 * that is no whole number, the places of an hour are exact and those of its minutes differ by one.
 * A card gets the first place that is free, so all places before the newest taken one are taken or
 * past, and the newest minute is all that has to be read.
 */
import { assert } from '../kernel/assert.js';
import type { Instant } from '../kernel/clock.js';
import { HOUR_MS, MINUTE_MS } from '../kernel/duration.js';

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
