/** Conditional requests (RFC 9110 13): whether the client already has the current version. */
import type { IncomingMessage } from 'node:http';
import type { Instant } from '../../kernel/clock.js';
import { SECOND_MS } from '../../kernel/duration.js';

type Conditions = Pick<IncomingMessage['headers'], 'if-none-match' | 'if-modified-since'>;
type Validators = { readonly etag: string; readonly lastModified: Instant | null };

/**
 * Whether 304 is the right status. If-None-Match has priority where it is present (RFC 9110
 * 13.2.2). A date must be exactly the one that was sent: after the clock was set back, older CRLs
 * have later dates than newer ones, and some clients send the time of their own download.
 */
export function isFresh(headers: Conditions, { etag, lastModified }: Validators): boolean {
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
  return lastModified !== null && Date.parse(text) === Math.floor(lastModified / SECOND_MS) * SECOND_MS;
}
