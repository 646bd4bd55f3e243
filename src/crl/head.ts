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
  const input = createDerInput();
  pushChunk(input, beginning);
  for (let depth = 0; depth < 2; depth += 1) {
    const header = peekHeader(input);
    if (!header.ok || header.value === null || header.value.tag !== 0x30) return null;
    input.at += header.value.headerLength;
  }
  for (const tag of [0x02, 0x30, 0x30]) if (take(input)?.[0] !== tag) return null;
  const [thisUpdate, nextUpdate] = [takeTime(input), takeTime(input)];
  return thisUpdate === null || nextUpdate === null ? null : { thisUpdate, nextUpdate };
}

function take(input: DerInput): Bytes | null {
  const taken = takeElement(input, CRL_HEAD_BYTES);
  return taken.ok ? taken.value : null;
}

function takeTime(input: DerInput): Instant | null {
  const taken = take(input);
  const read = taken === null ? null : parseDer(taken, (root) => time(root, 'time of the CRL').at);
  return read?.ok === true ? read.value : null;
}
