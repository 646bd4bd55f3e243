/**
 * What the platform key signs, by purpose. The reader of a purpose accepts exactly the bytes that
 * the purpose needs, so that a stolen service can have nothing else signed. Whoever adds a purpose
 * adds its reader here.
 */
import { type Bytes, equalBytes, utf8 } from '../../src/kernel/bytes.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { Refusal } from './answers.js';

/** `pfcng hsm bench` has this text signed to measure a signer. No DER structure begins with `P`. */
export const BENCH_TEXT: Bytes = utf8('PFCNG bench v1: this signature states nothing');

/** Returns nothing if the body may be signed as it is. */
type PurposeReader = (body: Bytes) => Result<void, Refusal>;

const PLATFORM_PURPOSES = {
  bench: (body) =>
    equalBytes(body, BENCH_TEXT)
      ? ok(undefined)
      : err({ rule: 'platform-bench-text', detail: 'the bytes are not the text of a benchmark' }),
} as const satisfies Readonly<Record<string, PurposeReader>>;

export type PlatformPurpose = keyof typeof PLATFORM_PURPOSES;

export function isPlatformPurpose(value: unknown): value is PlatformPurpose {
  return typeof value === 'string' && Object.hasOwn(PLATFORM_PURPOSES, value);
}

export function readPlatformBody(purpose: PlatformPurpose, body: Bytes): Result<void, Refusal> {
  return PLATFORM_PURPOSES[purpose](body);
}

/** The offset of the content of the SEQUENCE at `at`; null: there is no SEQUENCE. */
function contentOfSequence(bytes: Bytes, at: number): number | null {
  const length = bytes[at + 1];
  if (bytes[at] !== 0x30 || length === undefined || length === 0x80 || length > 0x84) return null;
  return at + 2 + (length > 0x80 ? length - 0x80 : 0);
}

/**
 * Whether the bytes are exactly one DER SEQUENCE with a length in its shortest form, as every
 * to-be-signed structure is.
 */
export function isOneDerSequence(bytes: Bytes): boolean {
  const content = contentOfSequence(bytes, 0);
  if (content === null) return false;
  if (content === 2) return bytes.length === 2 + (bytes[1] ?? 0);
  let length = 0;
  for (const octet of bytes.subarray(2, content)) length = length * 256 + octet;
  const minimal = (bytes[2] ?? 0) !== 0 && length >= 128;
  return minimal && bytes.length === content + length;
}
