/** Makes serial numbers from random bytes, in one way for all certificates. */
import { assert } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import { LIMITS } from '../../kernel/limits.js';

/**
 * 16 octets, 126 of their bits random (RFC 5280 4.1.2.2 requires a positive number of at most 20
 * octets). The top bit is clear, so that the INTEGER is positive. The next one is set, so that DER
 * has no leading zero octets to leave out (X.690 8.3.2): the content octets, the hex in the
 * database and the hex in a signer's journal are then the same text.
 */
export function serialFrom(random: Bytes): Bytes {
  assert(random.length === LIMITS.serialOctets, 'a serial number is made of 16 random octets');
  const serial = random.slice();
  serial[0] = ((serial[0] as number) & 0x3f) | 0x40;
  return serial;
}
