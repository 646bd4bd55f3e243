/**
 * The secret of a quorum: 20 random bytes, from which the PIN is derived. They are split with
 * Shamir's scheme over GF(2^8) (A. Shamir, How to Share a Secret, 1979): fewer shares than the
 * threshold reveal nothing.
 */
import { combine, split } from 'shamir-secret-sharing';
import { type Bytes, concat, fromHex, utf8 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';

/** 160 bits cannot be found by brute force, so the commitment to the secret may be public. */
export const SECRET_BYTES = 20;
/** A share has one byte more than the secret: its x coordinate. */
export const SHARE_BYTES = SECRET_BYTES + 1;

export function splitSecret(
  secret: Bytes,
  { shares, threshold }: { readonly shares: number; readonly threshold: number },
): Promise<readonly Bytes[]> {
  return split(secret, shares, threshold);
}

/**
 * Returns the secret, if there are as many shares as the threshold of `splitSecret`, or more. Two
 * or more shares that are too few give other bytes and no error, so the caller compares the
 * commitment. Rejects a single share, and two shares with the same x coordinate.
 */
export function combineShares(shares: readonly Bytes[]): Promise<Bytes> {
  return combine([...shares]);
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * Derives the PIN from the secret: 32 characters of base32 (RFC 4648 section 6), as bytes that can
 * be overwritten.
 */
export function derivePin(secret: Bytes): Bytes {
  const pin = new Uint8Array(Math.ceil((secret.length * 8) / 5));
  let bits = 0;
  let buffer = 0;
  let at = 0;
  for (const byte of secret) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) {
      pin[at] = BASE32.charCodeAt((buffer >>> (bits - 5)) & 31);
      at += 1;
    }
    buffer &= (1 << bits) - 1;
  }
  return pin;
}

/**
 * Returns the commitment to a secret or a share: SHA-256 over kind, set and content. It identifies
 * the content without revealing it.
 */
export function commitmentTo(kind: 'pin' | 'share', set: string, secret: Bytes): string {
  const content = concat([utf8(`pfcng quorum ${kind} 1\0`), fromHex(set) ?? utf8(set), secret]);
  const digest = sha256Hex(content);
  content.fill(0);
  return digest;
}
