/** Serial numbers, from octets that the caller drew from a cryptographic source: one way for all certificates there are. */
import { assert } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import { LIMITS } from '../../kernel/limits.js';

/**
 * 16 octets, 126 of their bits random (RFC 5280 4.1.2.2 asks for a positive number of at most 20 octets). The top bit is
 * clear, so that the INTEGER is positive; the next one is set, so that DER has no zero octets at the front to leave out
 * (X.690 8.3.2): the octets of the INTEGER, the hex in the database and that in a signer's journal are one text.
 */
export function serialFrom(random: Bytes): Bytes {
  assert(random.length === LIMITS.serialOctets, 'a serial number is made of 16 random octets');
  const serial = random.slice();
  serial[0] = ((serial[0] as number) & 0x3f) | 0x40;
  return serial;
}
