/**
 * Milliseconds since 1970-01-01T00:00:00Z. The core gets the time as an argument and never reads a
 * clock.
 */
export type Instant = number;

/**
 * RFC 3339 in UTC, to the second: `2026-03-01T10:00:00Z`. Certificates carry no fractions (RFC 5280
 * 4.1.2.5).
 */
export function formatInstant(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** As `formatInstant`, for a time that there may not be. */
export function instantOrNull(at: Instant | null): string | null {
  return at === null ? null : formatInstant(at);
}

/** As `formatInstant`, to the millisecond: for places where the order within one second matters. */
export function formatInstantMs(at: Instant): string {
  return new Date(at).toISOString();
}

/**
 * Reads RFC 3339 with `Z` and an optional fraction; null for another form, and for a day that does
 * not exist.
 */
export function parseInstant(text: string): Instant | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text)) return null;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return null;
  return formatInstant(at).slice(0, 19) === text.slice(0, 19) ? at : null;
}

/** Rounds down to a whole second. */
export function toSecond(at: Instant): Instant {
  return Math.floor(at / 1000) * 1000;
}

/** Adds calendar years in UTC; 29 February becomes 28 February. */
export function addYears(at: Instant, years: number): Instant {
  const date = new Date(at);
  const month = date.getUTCMonth();
  date.setUTCFullYear(date.getUTCFullYear() + years);
  if (date.getUTCMonth() !== month) date.setUTCDate(0);
  return date.getTime();
}
