/** Instants are milliseconds since 1970-01-01T00:00:00Z. The core is told the time; it never asks. */
export type Instant = number;

/** RFC 3339 in UTC, to the second: `2026-03-01T10:00:00Z`. Certificates carry no fractions (RFC 5280 4.1.2.5). */
export function formatInstant(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** To the millisecond: where what happened within one second has an order. */
export function formatMoment(at: Instant): string {
  return new Date(at).toISOString();
}

/** RFC 3339 with `Z`, optional fraction; null when it is not one or names a day that does not exist. */
export function parseInstant(text: string): Instant | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text)) return null;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return null;
  return formatInstant(at).slice(0, 19) === text.slice(0, 19) ? at : null;
}

/** The whole second at or before. */
export function toSecond(at: Instant): Instant {
  return Math.floor(at / 1000) * 1000;
}

/** The same day and time `years` later in UTC; 29 February becomes 28 February. */
export function addYears(at: Instant, years: number): Instant {
  const date = new Date(at);
  const month = date.getUTCMonth();
  date.setUTCFullYear(date.getUTCFullYear() + years);
  if (date.getUTCMonth() !== month) date.setUTCDate(0);
  return date.getTime();
}
