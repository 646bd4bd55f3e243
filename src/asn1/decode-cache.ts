/**
 * Caches what was read from bytes that occur again and again, by the bytes themselves. The cache is
 * cleared when it is full: an attacker who always sends new bytes only makes reading as slow as
 * without a cache.
 */
import type { Bytes } from '../kernel/bytes.js';

type CachedValue<Value> = { readonly octets: Bytes; readonly value: Value };

/** A range of `bytes`. */
export type ByteRange = { readonly bytes: Bytes; readonly from: number; readonly end: number };

export type CacheLimits = { readonly entriesMax: number; readonly octetsMax: number };

/**
 * `read` gets its own copy of the bytes, so that its result may keep them. When it throws, nothing
 * is cached.
 */
export function cacheByBytes<Value>(limits: CacheLimits, read: (octets: Bytes) => Value): (place: ByteRange) => Value {
  const known = new Map<number, CachedValue<Value>>();
  return (place) => {
    if (place.end - place.from > limits.octetsMax) return read(place.bytes.slice(place.from, place.end));
    const key = hashOf(place);
    const found = known.get(key);
    if (found !== undefined && areSame(found.octets, place)) return found.value;
    const octets = place.bytes.slice(place.from, place.end);
    const value = read(octets);
    if (known.size >= limits.entriesMax) known.clear();
    known.set(key, { octets, value });
    return value;
  };
}

/** FNV-1a. Different bytes with the same hash are told apart by comparing them. */
function hashOf({ bytes, from, end }: ByteRange): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash;
}

function areSame(octets: Bytes, { bytes, from, end }: ByteRange): boolean {
  if (octets.length !== end - from) return false;
  for (let at = 0; at < octets.length; at += 1) if (octets[at] !== bytes[from + at]) return false;
  return true;
}
