/** Serial numbers as records have them. */
import { type Bytes, toHex } from '../../kernel/bytes.js';
import { LIMITS } from '../../kernel/limits.js';

/**
 * Of the content octets of an INTEGER: 16 octets in hex, leading zeros included; longer ones as they are (certificates of others). null:
 * not positive.
 */
export function storedSerial(octets: Bytes): string | null {
  if ((octets[0] as number) >= 0x80) return null;
  const magnitude = toHex(octets).replace(/^(00)+/, '');
  return magnitude === '' ? null : magnitude.padStart(LIMITS.serialOctets * 2, '0');
}
