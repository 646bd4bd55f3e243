/** SHA-256 (FIPS 180-4) of bytes. */
import { createHash } from 'node:crypto';
import type { Bytes } from './bytes.js';

/** 64 hexadecimal digits, in lower case. */
export function sha256Hex(bytes: Bytes): string {
  return createHash('sha256').update(bytes).digest('hex');
}
