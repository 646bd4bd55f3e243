/** Times of day by the wall clock of a place, with daylight saving time. */
import { present } from './assert.js';
import type { Instant } from './clock.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './duration.js';

export type TimeOfDay = {
  /** Minutes after midnight, by the wall clock. */
  readonly minutes: number;
  /** IANA time zone: `Europe/Paris`. */
  readonly zone: string;
};

/** Reads `07:00`; null for anything that is not a time of day. */
export function parseMinutes(text: string): number | null {
  const parts = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return parts === null ? null : Number(parts[1]) * 60 + Number(parts[2]);
}

export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/**
 * The last instant, not after `now`, at which the wall clock reached this time. On the day when the
 * clock jumps over this time, the offset before the jump counts: 02:30 becomes 03:30. On the day
 * when the clock shows it twice, the first of the two counts.
 */
export function lastTimeOfDay(now: Instant, time: TimeOfDay): Instant {
  const today = onDayOf(now, time);
  return today <= now ? today : onDayOf(today - DAY_MS, time);
}

function onDayOf(at: Instant, { minutes, zone }: TimeOfDay): Instant {
  const offset = offsetAt(at, zone);
  const wall = Math.floor((at + offset) / DAY_MS) * DAY_MS + minutes * MINUTE_MS;
  // The offsets some hours before and after: an offset changes at most once within so short a time.
  const around = [offsetAt(wall - offset - 3 * HOUR_MS, zone), offsetAt(wall - offset + 3 * HOUR_MS, zone)];
  // The greater offset comes first, because it gives the earlier instant.
  const shown = around.sort((a, b) => b - a).find((one) => offsetAt(wall - one, zone) === one);
  return wall - (shown ?? Math.min(...around));
}

/** The zone's offset at an instant, in milliseconds to be added to UTC. */
function offsetAt(at: Instant, zone: string): number {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): number => present(parts.get(type), type);
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return wall - Math.floor(at / 1000) * 1000;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const numeric = 'numeric';
  const known =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
  formats.set(zone, known);
  return known;
}
