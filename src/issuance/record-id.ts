/** Record ids, from random bytes of a cryptographic source. */
import { assert } from '../kernel/assert.js';
import { type Bytes, toHex } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';

/**
 * UUID version 7 (RFC 9562 5.7). Ids ascend in time, so that the newest rows are neighbours in the
 * database.
 */
export function recordIdFrom(now: Instant, random: Bytes): string {
  assert(random.length === 10, 'a UUIDv7 takes 10 random octets');
  const octets = new Uint8Array(16);
  for (let at = 0, rest = now; at < 6; at += 1, rest = Math.floor(rest / 256)) octets[5 - at] = rest % 256;
  octets.set(random, 6);
  octets[6] = ((octets[6] as number) & 0x0f) | 0x70;
  octets[8] = ((octets[8] as number) & 0x3f) | 0x80;
  const hex = toHex(octets);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
