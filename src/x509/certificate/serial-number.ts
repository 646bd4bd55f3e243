/**
 * Makes serial numbers from random bytes, in one way for all certificates, and reads those that
 * people have written.
 */
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

/** What `readSerials` takes: digits with colons and spaces between them, perhaps after `0x`. */
export const WRITTEN_SERIAL = '^\\s{0,9}(0[xX])?[0-9A-Fa-f]([\\s:]{0,3}[0-9A-Fa-f]){0,79}\\s{0,9}$';

/**
 * Reads a serial number in the forms that programs show: hexadecimal with or without colons,
 * spaces, `0x` and leading zeros, or decimal. Digits alone can be either, and then both numbers are
 * returned; for any other text the list is empty. Each is in the form of `CertificateRecord`:
 * lower-case hex of even length without leading zero octets. Numbers of more than 20 octets are
 * left out, because no certificate has them.
 */
export function readSerials(written: string): readonly string[] {
  if (!new RegExp(WRITTEN_SERIAL).test(written)) return [];
  const isHex = /[x:a-f]/i.test(written);
  const digits = written.replace(/0x/i, '').replace(/[\s:]/g, '').toLowerCase();
  const numbers = [digits, ...(isHex ? [] : [BigInt(digits).toString(16)])].map(withoutLeadingZeros);
  return [...new Set(numbers)].filter((hex) => hex.length <= 2 * LIMITS.serialOctetsMax);
}

function withoutLeadingZeros(hex: string): string {
  const digits = hex.replace(/^0+(?=.)/, '');
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}
