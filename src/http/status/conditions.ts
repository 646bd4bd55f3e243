/**
 * Evaluates conditional requests (RFC 9110 13): whether the client gets the current version, 304 or
 * 412.
 */
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
 * is 412. `fresh`: the client already has the current version, and the status is 304. `none`: the
 * request is answered as without conditions.
 */
export function evaluateConditions(headers: Conditions, validators: Validators): 'failed' | 'fresh' | 'none' {
  if (!isExpected(headers, validators)) return 'failed';
  return isFresh(headers, validators) ? 'fresh' : 'none';
}

/**
 * Whether the current version is one that the client expects. If-Match has priority over
 * If-Unmodified-Since. A weak tag (`W/"..."`) never matches, because If-Match compares strongly
 * (13.1.1). A date that is not valid is ignored, as is any date if the resource has no
 * Last-Modified (13.1.4).
 */
function isExpected(headers: Conditions, { etag, lastModified }: Validators): boolean {
  const match = headers['if-match'];
  if (match !== undefined) return match.trim() === '*' || match.split(',').some((one) => one.trim() === etag);
  const since = parseHttpDate(headers['if-unmodified-since'] ?? '');
  return Number.isNaN(since) || lastModified === null || inWholeSeconds(lastModified) <= since;
}

/**
 * Whether the client already has the current version (status 304). If-None-Match has priority over
 * If-Modified-Since. The date must be exactly the Last-Modified that was sent, not only a later
 * one: after the clock was set back, an older CRL may have a later date than a newer CRL, and some
 * clients send the time of their download.
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
 * Evaluates If-Range (RFC 9110 13.1.5). Returns true, so that the range is sent, if the field is
 * missing or the client has the other parts of the same file. Otherwise it gets the whole file.
 */
export function ifRangeMatches(condition: string | undefined, { etag, lastModified }: Validators): boolean {
  if (condition === undefined) return true;
  return condition.startsWith('"') ? condition === etag : isDateOf(condition, lastModified);
}

function isDateOf(text: string, lastModified: Instant | null): boolean {
  return lastModified !== null && parseHttpDate(text) === inWholeSeconds(lastModified);
}

/**
 * Parses a date in one of the three forms of RFC 9110 5.6.7, all of which are in UTC. NaN: the text
 * is not a date.
 */
function parseHttpDate(text: string): Instant {
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(text)) return Number.NaN;
  return Date.parse(text.endsWith(' GMT') ? text : `${text} GMT`);
}

/** HTTP dates have no fraction of a second. */
function inWholeSeconds(at: Instant): Instant {
  return Math.floor(at / SECOND_MS) * SECOND_MS;
}
