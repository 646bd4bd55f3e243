/** Serial numbers as they are stored in records. */
import { type Bytes, toHex } from '../../kernel/bytes.js';
import { LIMITS } from '../../kernel/limits.js';

/**
 * From the content octets of an INTEGER: 16 octets in hex, with leading zeros; longer ones, of
 * other issuers' certificates, as they are. null: not positive.
 */
export function storedSerial(octets: Bytes): string | null {
  if ((octets[0] as number) >= 0x80) return null;
  const magnitude = toHex(octets).replace(/^(00)+/, '');
  return magnitude === '' ? null : magnitude.padStart(LIMITS.serialOctets * 2, '0');
}
