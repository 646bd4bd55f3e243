/**
 * DER writer (X.690): each function returns the whole encoding of one value. The writer shares
 * nothing with the reader. Its arguments come from our own code, so that a value that cannot be
 * encoded is a bug and throws.
 */
import { assert } from '../kernel/assert.js';
import { type Bytes, compareBytes, concat, utf8 } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import { allocate } from './allocate.js';

/**
 * Identifier and length octets for `contentLength` octets of content: definite, in the fewest
 * octets (10.1).
 */
export function header(tag: number, contentLength: number): Bytes {
  const octets = new Uint8Array(headerLength(contentLength));
  writeHeader(octets, tag, contentLength);
  return octets;
}

function headerLength(contentLength: number): number {
  assert(
    Number.isSafeInteger(contentLength) && contentLength >= 0 && contentLength < 2 ** 32,
    'length fits four octets',
  );
  if (contentLength < 0x80) return 2;
  if (contentLength < 0x100) return 3;
  if (contentLength < 0x10000) return 4;
  return contentLength < 0x1000000 ? 5 : 6;
}

function writeHeader(octets: Bytes, tag: number, contentLength: number): void {
  const length = headerLength(contentLength);
  octets[0] = tag;
  if (length === 2) {
    octets[1] = contentLength;
    return;
  }
  octets[1] = 0x80 | (length - 2);
  for (let at = length - 1, rest = contentLength; at > 1; at -= 1, rest >>>= 8) octets[at] = rest & 0xff;
}

export function tagged(tag: number, content: Bytes): Bytes {
  return enclose(tag, [content]);
}

/** Encodes the members one after the other, into one array. */
function enclose(tag: number, members: readonly Bytes[]): Bytes {
  let length = 0;
  for (const member of members) length += member.length;
  let at = headerLength(length);
  const whole = allocate(at + length);
  writeHeader(whole, tag, length);
  for (const member of members) {
    whole.set(member, at);
    at += member.length;
  }
  return whole;
}

export function seq(...members: readonly Bytes[]): Bytes {
  return enclose(0x30, members);
}

/** SET OF: sorts its members (11.6). Equal members are a bug. */
export function setOf(members: readonly Bytes[]): Bytes {
  const sorted = [...members].sort(compareBytes);
  sorted.forEach((member, at) => {
    const before = sorted[at - 1];
    assert(before === undefined || compareBytes(before, member) !== 0, 'members of a SET OF differ');
  });
  return enclose(0x31, sorted);
}

/** `[number] EXPLICIT`. */
export function explicit(number: number, inner: Bytes): Bytes {
  return tagged(0xa0 | number, inner);
}

/** `[number] IMPLICIT` over a primitive content. */
export function contextPrimitive(number: number, content: Bytes): Bytes {
  return tagged(0x80 | number, content);
}

/** `[number] IMPLICIT` over constructed members. */
export function contextConstructed(number: number, ...members: readonly Bytes[]): Bytes {
  return enclose(0xa0 | number, members);
}

export function bool(value: boolean): Bytes {
  return Uint8Array.of(0x01, 0x01, value ? 0xff : 0x00);
}

/** A non-negative INTEGER from a number, or from its big-endian magnitude. */
export function integer(value: number | Bytes): Bytes {
  return tagged(0x02, integerContent(value));
}

export function enumerated(value: number): Bytes {
  return tagged(0x0a, integerContent(value));
}

export function integerContent(value: number | Bytes): Bytes {
  const magnitude = typeof value === 'number' ? magnitudeOf(value) : value;
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start += 1;
  const minimal = magnitude.subarray(start);
  assert(minimal.length > 0, 'an INTEGER has content');
  return (minimal[0] as number) >= 0x80 ? concat([Uint8Array.of(0), minimal]) : minimal;
}

function magnitudeOf(value: number): Bytes {
  assert(Number.isSafeInteger(value) && value >= 0, 'a non-negative safe integer');
  const octets: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.from(octets.length === 0 ? [0] : octets);
}

export function octetString(content: Bytes): Bytes {
  return tagged(0x04, content);
}

const NO_UNUSED_BITS = Uint8Array.of(0);

/** A BIT STRING of whole octets: keys and signatures. */
export function bitString(content: Bytes): Bytes {
  return enclose(0x03, [NO_UNUSED_BITS, content]);
}

/** A BIT STRING with named bits: no trailing zero bits (11.2.2). */
export function namedBits(bits: readonly number[]): Bytes {
  return tagged(0x03, namedBitsContent(bits));
}

function namedBitsContent(bits: readonly number[]): Bytes {
  const highest = Math.max(-1, ...bits);
  const octets = new Uint8Array(Math.ceil((highest + 1) / 8));
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] as number) | (0x80 >> (bit & 7));
  const unused = highest < 0 ? 0 : 7 - (highest & 7);
  return concat([Uint8Array.of(unused), octets]);
}

/**
 * Encodings of object identifiers are cached: certificates use few of them. The arrays must not be
 * changed.
 */
const oids = new Map<string, Bytes>();
const OIDS_MAX = 512;

export function oid(dotted: string): Bytes {
  const known = oids.get(dotted);
  if (known !== undefined) return known;
  const made = tagged(0x06, oidContent(dotted));
  if (oids.size < OIDS_MAX) oids.set(dotted, made);
  return made;
}

/**
 * Whether dotted decimal can be encoded: below the arcs 0 and 1 there are 40 arcs (X.660 A.2), and
 * our reader takes arcs below 2^48.
 */
export function isObjectIdentifier(dotted: string): boolean {
  if (!/^[012](\.(0|[1-9]\d*))+$/.test(dotted)) return false;
  const [top = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return (second < 40 || top === 2) && [second, ...rest].every((arc) => arc < 2 ** 48);
}

function oidContent(dotted: string): Bytes {
  assert(isObjectIdentifier(dotted), `an object identifier with arcs below 2^48: ${dotted}`);
  const [top = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return concat([top * 40 + second, ...rest].map(base128));
}

function base128(arc: number): Bytes {
  const octets = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) octets.unshift((rest % 128) | 0x80);
  return Uint8Array.from(octets);
}

export function nullValue(): Bytes {
  return Uint8Array.of(0x05, 0x00);
}

export function utf8String(value: string): Bytes {
  assert(!/\p{Surrogate}/u.test(value), 'text without lone surrogates');
  return tagged(0x0c, utf8(value));
}

export function printableString(value: string): Bytes {
  assert(/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value), 'a PrintableString');
  return tagged(0x13, utf8(value));
}

export function ia5String(value: string): Bytes {
  return tagged(0x16, ia5Content(value));
}

export function ia5Content(value: string): Bytes {
  assert(/^[\x20-\x7e]*$/.test(value), 'an IA5String');
  return utf8(value);
}

const TIME_MIN = Date.parse('0000-01-01T00:00:00Z');
const TIME_MAX = Date.parse('9999-12-31T23:59:59Z');

/** UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 4.1.2.5), to the second. */
export function time(at: Instant): Bytes {
  const digits = timeDigits(at);
  const year = Number(digits.slice(0, 4));
  return year >= 1950 && year < 2050 ? tagged(0x17, utf8(`${digits.slice(2)}Z`)) : generalizedTime(at);
}

/**
 * Encodings of times are cached: the same second or two is encoded again and again. The arrays must
 * not be changed.
 */
const times = new Map<Instant, Bytes>();
const TIMES_MAX = 64;

export function generalizedTime(at: Instant): Bytes {
  const known = times.get(at);
  if (known !== undefined) return known;
  const made = tagged(0x18, generalizedTimeContent(at));
  if (times.size >= TIMES_MAX) times.clear();
  times.set(at, made);
  return made;
}

export function generalizedTimeContent(at: Instant): Bytes {
  return utf8(`${timeDigits(at)}Z`);
}

function timeDigits(at: Instant): string {
  assert(at % 1000 === 0, 'times in certificates are whole seconds');
  assert(at >= TIME_MIN && at <= TIME_MAX, 'a time in the years 0000 to 9999');
  return new Date(at).toISOString().slice(0, 19).replace(/[-T:]/g, '');
}
