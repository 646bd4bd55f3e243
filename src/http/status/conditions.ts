/** Conditional requests (RFC 9110 13): whether a client gets the current version, 304 or 412. */
import type { IncomingMessage } from 'node:http';
import type { Instant } from '../../kernel/clock.js';
import { SECOND_MS } from '../../kernel/duration.js';

type Conditions = Pick<
  IncomingMessage['headers'],
  'if-match' | 'if-unmodified-since' | 'if-none-match' | 'if-modified-since'
>;
type Validators = { readonly etag: string; readonly lastModified: Instant | null };

/**
 * Evaluates the conditions of a GET or HEAD in the order of RFC 9110 13.2.2. `failed`: the status
 * is 412. `fresh`: the client has the current version, and the status is 304.
 */
export function evaluateConditions(headers: Conditions, validators: Validators): 'failed' | 'fresh' | 'none' {
  if (!isExpected(headers, validators)) return 'failed';
  return isFresh(headers, validators) ? 'fresh' : 'none';
}

/**
 * Whether the current version is one that the client expects. If-Match has priority where it is
 * present. A weak tag never matches (13.1.1), because our tags are strong. A date that is not valid
 * is ignored, and so is any date where the resource has none (13.1.4).
 */
function isExpected(headers: Conditions, { etag, lastModified }: Validators): boolean {
  const match = headers['if-match'];
  if (match !== undefined) return match.trim() === '*' || match.split(',').some((one) => one.trim() === etag);
  const since = parseHttpDate(headers['if-unmodified-since'] ?? '');
  return Number.isNaN(since) || lastModified === null || inWholeSeconds(lastModified) <= since;
}

/**
 * Whether 304 is the right status. If-None-Match has priority where it is present. A date must be
 * exactly the one that was sent: after the clock was set back, older CRLs have later dates than
 * newer ones, and some clients send the time of their own download.
 */
export function isFresh(
  headers: Pick<Conditions, 'if-none-match' | 'if-modified-since'>,
  { etag, lastModified }: Validators,
): boolean {
  const match = headers['if-none-match'];
  if (match !== undefined)
    return match === etag || match === '*' || match.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
  const since = headers['if-modified-since'];
  return since !== undefined && isDateOf(since, lastModified);
}

/**
 * If-Range (RFC 9110 13.1.5): the range is sent only when it belongs to the file that the client
 * has a part of.
 */
export function ifRangeMatches(condition: string | undefined, { etag, lastModified }: Validators): boolean {
  if (condition === undefined) return true;
  return condition.startsWith('"') ? condition === etag : isDateOf(condition, lastModified);
}

function isDateOf(text: string, lastModified: Instant | null): boolean {
  return lastModified !== null && parseHttpDate(text) === inWholeSeconds(lastModified);
}

/** Parses the three forms of RFC 9110 5.6.7; NaN: another text. All of them are in UTC. */
function parseHttpDate(text: string): Instant {
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(text)) return Number.NaN;
  return Date.parse(text.endsWith(' GMT') ? text : `${text} GMT`);
}

/** HTTP dates have no fraction of a second. */
function inWholeSeconds(at: Instant): Instant {
  return Math.floor(at / SECOND_MS) * SECOND_MS;
}
