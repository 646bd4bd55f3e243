/**
 * Strict DER reader for input that does not fit in memory: bytes are pushed as they arrive, and
 * elements are taken as soon as they are complete. Between two pushes only one incomplete element
 * is buffered, and the caller bounds its size first.
 */
import type { Bytes } from '../kernel/bytes.js';
import { concat } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';
import { readHeader } from './der-element.js';

/**
 * Bytes that were pushed and not taken yet: `bytes` from `at` on. The parser that owns the buffer
 * moves `at` itself.
 */
export type DerInput = {
  bytes: Bytes;
  at: number;
  /** Number of bytes before `bytes` in the stream. */
  before: number;
};

export function createDerInput(): DerInput {
  return { bytes: new Uint8Array(0), at: 0, before: 0 };
}

/** Adds a chunk. Its owner may reuse the chunk once `keepRest` has been called. */
export function pushChunk(input: DerInput, chunk: Bytes): void {
  input.before += input.at;
  const plain = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  input.bytes = input.at === input.bytes.length ? plain : concat([input.bytes.subarray(input.at), plain]);
  input.at = 0;
}

/** Copies what is left, so that the buffer does not keep a chunk in memory. */
export function keepRest(input: DerInput): void {
  input.before += input.at;
  // Buffer's `slice` would return a view, not a copy.
  input.bytes = new Uint8Array(input.bytes.subarray(input.at));
  input.at = 0;
}

/** Offset of the next byte from the start of the stream. */
export function inputOffset(input: DerInput): number {
  return input.before + input.at;
}

export type DerHeader = { readonly tag: number; readonly headerLength: number; readonly contentLength: number };

/**
 * Identifier and length octets of the next element, without taking them; null while they are
 * incomplete.
 */
export function peekHeader(input: DerInput): Result<DerHeader | null, string> {
  const header = readHeader(input.bytes, input.at);
  if (header.ok) return header;
  return header.error === 'incomplete' ? ok(null) : header;
}

/**
 * Takes the next element; null while it is incomplete. An element whose length is above `bytesMax`
 * is rejected at once.
 */
export function takeElement(input: DerInput, bytesMax: number): Result<Bytes | null, string> {
  const header = peekHeader(input);
  if (!header.ok || header.value === null) return header.ok ? ok(null) : header;
  const length = header.value.headerLength + header.value.contentLength;
  if (length > bytesMax) return err(`an element of ${length} octets, at most ${bytesMax} are expected`);
  if (input.at + length > input.bytes.length) return ok(null);
  const whole = input.bytes.subarray(input.at, input.at + length);
  input.at += length;
  return ok(whole);
}
