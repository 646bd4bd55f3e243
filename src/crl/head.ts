/**
 * Reads thisUpdate and nextUpdate from the first bytes of a CRL that was completely verified
 * before.
 */
import { parseDer, time } from '../asn1/der-reader.js';
import { createDerInput, type DerInput, peekHeader, pushChunk, takeElement } from '../asn1/der-stream.js';
import type { Bytes } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';

type CrlHead = { readonly thisUpdate: Instant; readonly nextUpdate: Instant };

/** Enough for the longest name of an issuer. */
export const CRL_HEAD_BYTES = 8 * 1024;

/**
 * Reads version, signature, issuer, thisUpdate, nextUpdate (RFC 5280 5.1.2); null: not the start of
 * a CRL.
 */
export function readCrlHead(beginning: Bytes): CrlHead | null {
  const feed = createDerInput();
  pushChunk(feed, beginning);
  for (let depth = 0; depth < 2; depth += 1) {
    const header = peekHeader(feed);
    if (!header.ok || header.value === null || header.value.tag !== 0x30) return null;
    feed.at += header.value.headerLength;
  }
  for (const tag of [0x02, 0x30, 0x30]) if (take(feed)?.[0] !== tag) return null;
  const [thisUpdate, nextUpdate] = [takeTime(feed), takeTime(feed)];
  return thisUpdate === null || nextUpdate === null ? null : { thisUpdate, nextUpdate };
}

function take(feed: DerInput): Bytes | null {
  const taken = takeElement(feed, CRL_HEAD_BYTES);
  return taken.ok ? taken.value : null;
}

function takeTime(feed: DerInput): Instant | null {
  const taken = take(feed);
  const read = taken === null ? null : parseDer(taken, (root) => time(root, 'time of the CRL').at);
  return read?.ok === true ? read.value : null;
}
