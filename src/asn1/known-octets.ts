/**
 * What was read of octets that come again and again, found by them: reading depends on nothing else, so that the same octets mean the
 * same. Bounded, and thrown away when there is too much of it: who sends ever new octets makes us forget, and read as slowly as before.
 */
import type { Bytes } from '../kernel/bytes.js';

type Known<Value> = { readonly octets: Bytes; readonly value: Value };

/** Where in `bytes` the octets stand. */
export type Place = { readonly bytes: Bytes; readonly from: number; readonly end: number };

export type KnownLimits = { readonly entriesMax: number; readonly octetsMax: number };

/** `read` gets octets of its own, so that what it makes of them outlives where they came from. What it throws is not kept. */
export function knowByOctets<Value>(limits: KnownLimits, read: (octets: Bytes) => Value): (place: Place) => Value {
  const known = new Map<number, Known<Value>>();
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

/** FNV-1a; two that meet are told apart by their octets. */
function hashOf({ bytes, from, end }: Place): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash;
}

function areSame(octets: Bytes, { bytes, from, end }: Place): boolean {
  if (octets.length !== end - from) return false;
  for (let at = 0; at < octets.length; at += 1) if (octets[at] !== bytes[from + at]) return false;
  return true;
}
