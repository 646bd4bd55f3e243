/**
 * The strict reader for what does not fit in memory: octets are pushed as they come, elements are taken as soon as they are
 * whole. What is kept between two pushes is one unfinished element, whose size the caller bounds before it is waited for.
 */
import type { Bytes } from '../kernel/bytes.js';
import { concat } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';
import { readHeader } from './der-element.js';

/** Octets pushed and not yet taken: `bytes` from `at` on. The parser that owns a feed moves `at` itself. */
export type DerFeed = {
  bytes: Bytes;
  at: number;
  /** Octets that lie before `bytes` in the stream. */
  before: number;
};

export function createDerFeed(): DerFeed {
  return { bytes: new Uint8Array(0), at: 0, before: 0 };
}

/** Adds a chunk. The chunk may be reused by its owner once `keepRest` has been called. */
export function pushChunk(feed: DerFeed, chunk: Bytes): void {
  feed.before += feed.at;
  const plain = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  feed.bytes = feed.at === feed.bytes.length ? plain : concat([feed.bytes.subarray(feed.at), plain]);
  feed.at = 0;
}

/** Copies what is left over, so that the feed holds on to no chunk. */
export function keepRest(feed: DerFeed): void {
  feed.before += feed.at;
  // Not `slice`: that of a Buffer is a view.
  feed.bytes = new Uint8Array(feed.bytes.subarray(feed.at));
  feed.at = 0;
}

/** Octets from the start of the stream to what comes next. */
export function feedOffset(feed: DerFeed): number {
  return feed.before + feed.at;
}

export type DerHeader = { readonly tag: number; readonly headerLength: number; readonly contentLength: number };

/** Identifier and length octets of what comes next, not taken; null while they are cut off. */
export function peekHeader(feed: DerFeed): Result<DerHeader | null, string> {
  const header = readHeader(feed.bytes, feed.at);
  if (header.ok) return header;
  return header.error === 'incomplete' ? ok(null) : header;
}

/** Takes the next element whole; null while it is cut off. One that announces more than `bytesMax` is refused unseen. */
export function takeElement(feed: DerFeed, bytesMax: number): Result<Bytes | null, string> {
  const header = peekHeader(feed);
  if (!header.ok || header.value === null) return header.ok ? ok(null) : header;
  const length = header.value.headerLength + header.value.contentLength;
  if (length > bytesMax) return err(`an element of ${length} octets where at most ${bytesMax} are expected`);
  if (feed.at + length > feed.bytes.length) return ok(null);
  const whole = feed.bytes.subarray(feed.at, feed.at + length);
  feed.at += length;
  return ok(whole);
}
