/**
 * Tags stand for personal values in audit entries. A tag is the HMAC-SHA256 (RFC 2104) of a value
 * with the key of a year: equal values have equal tags within a year, so that auditors find a
 * holder, and nobody without the key can try all numbers of professionals. When the key of a year
 * is destroyed, its tags name nobody any more; entries and their proofs stay as they are.
 */
import { createHmac, createSecretKey } from 'node:crypto';
import { assert } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import { concat, utf8 } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import { sha256Hex } from '../kernel/digest.js';
import { memoize } from '../kernel/memoize.js';

/** Values of two kinds never have the same tag. */
export type TagKind = 'holder' | 'structure' | 'card' | 'evidence';

export type Tag = {
  /** 64 hex digits. */
  readonly tag: string;
  /** The year of the key, such as `2027`. */
  readonly key: string;
};

export type TagOf = (kind: TagKind, value: string) => Tag;

/** Keys of 32 octets by their years. */
export type TagKeys = ReadonlyMap<string, Bytes>;

export const TAG_KEY_OCTETS = 32;

/** On Node 24 an HMAC takes 3 us with a key object, and 18 us with the octets of a key. */
const secretOf = memoize((key: Bytes) => createSecretKey(key));

/** HMAC-SHA256(key, kind || 0x00 || value), in hex. */
function tagWith(key: Bytes, kind: TagKind, value: string): string {
  return createHmac('sha256', secretOf(key)).update(`${kind}\0${value}`, 'utf8').digest('hex');
}

/**
 * Makes the tags of entries of this time, with the key of its year in UTC. Without a key of this
 * year, the newest one is used. There must be a key: no process writes entries without one.
 */
export function tagOfTime(keys: TagKeys, at: Instant): TagOf {
  const own = yearOf(at);
  const year = keys.has(own) ? own : newestYear(keys);
  const key = year === null ? undefined : keys.get(year);
  assert(year !== null && key !== undefined, 'there is a key for tags');
  return (kind, value) => ({ tag: tagWith(key, kind, value), key: year });
}

/** The tags that a value may have in entries of any year. */
export function everyTag(keys: TagKeys, kind: TagKind, value: string): readonly string[] {
  return [...keys.values()].map((key) => tagWith(key, kind, value));
}

/** What the database keeps of a key, so that a process with another key of this year is noticed. */
export function checkOfKey(key: Bytes): string {
  return sha256Hex(concat([utf8('pfcng audit tag key\0'), key]));
}

export function yearOf(at: Instant): string {
  return String(new Date(at).getUTCFullYear());
}

function newestYear(keys: TagKeys): string | null {
  return [...keys.keys()].sort().at(-1) ?? null;
}

/** Month of the year (0 to 11) from which a missing key of the next year is reported. */
const NOVEMBER = 10;

/** The years whose keys are missing now: this one, and from November on the next one. */
export function missingYears(keys: TagKeys, now: Instant): readonly string[] {
  const year = new Date(now).getUTCFullYear();
  const needed = new Date(now).getUTCMonth() >= NOVEMBER ? [year, year + 1] : [year];
  return needed.map(String).filter((one) => !keys.has(one));
}
