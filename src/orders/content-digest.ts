/** Whether an upload has the octets that its `Content-Digest` announces (RFC 9530). */
import { type Bytes, toBase64, toHex } from '../kernel/bytes.js';
import { type Violation, violation } from '../texts/text.js';

/**
 * `announced`: SHA-256 in hex; null: the client has announced none. `received`: SHA-256 of the
 * octets. Returns null if they agree.
 */
export function digestFault(announced: string | null, received: Bytes): Violation | null {
  if (announced === null || announced === toHex(received)) return null;
  return violation('Content-Digest', 'content-digest/differs', { digest: `sha-256=:${toBase64(received)}:` });
}
