/**
 * Byte strings are `Uint8Array` everywhere. This file has the few operations that we need on them.
 */
import { assert } from './assert.js';

export type Bytes = Uint8Array;

export function concat(parts: readonly Bytes[]): Bytes {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equalBytes(a: Bytes, b: Bytes): boolean {
  return compareBytes(a, b) === 0;
}

/**
 * Orders byte strings lexicographically; a prefix comes first. The encodings of elements are never
 * prefixes of one another, so that this is the order of a SET OF (X.690 11.6).
 */
export function compareBytes(a: Bytes, b: Bytes): number {
  return Buffer.compare(a, b);
}

export function toHex(bytes: Bytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** Decodes lower-case or upper-case hex of even length; null for any other text. */
export function fromHex(hex: string): Bytes | null {
  if (hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex)) return null;
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

export function toBase64(bytes: Bytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/**
 * Decodes canonical base64 with padding (RFC 4648 section 4); null for any text that would not be
 * encoded like that again.
 */
export function fromBase64(text: string): Bytes | null {
  const bytes = new Uint8Array(Buffer.from(text, 'base64'));
  return toBase64(bytes) === text ? bytes : null;
}

/** One character per byte, without copying the bytes first. */
export function latin1(bytes: Bytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/**
 * Decodes UTF-8, in which a byte order mark is a character; null for bytes that are not UTF-8.
 */
export function fromUtf8(bytes: Bytes): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * Base32 (RFC 4648, section 6): upper case, without padding. Takes a multiple of 5 octets, so that
 * no padding is needed: 8 characters for each of them.
 */
export function toBase32(octets: Bytes): string {
  assert(octets.length % 5 === 0, 'octets in groups of five');
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const octet of octets) {
    buffer = ((buffer << 8) | octet) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32.charAt((buffer >>> bits) & 31);
    }
  }
  return text;
}
