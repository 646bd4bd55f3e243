import { createHash } from 'node:crypto';
import type { Bytes } from '../kernel/bytes.js';

export function sha256Hex(bytes: Bytes): string {
  return createHash('sha256').update(bytes).digest('hex');
}
