/**
 * What a quorum keeps: 20 octets of chance, of which the PIN is the text. They are split with Shamir's scheme over GF(2^8)
 * (A. Shamir, How to Share a Secret, 1979): fewer shares than the threshold say nothing of them, not even together.
 */
import { combine, split } from 'shamir-secret-sharing';
import { type Bytes, concat, fromHex, utf8 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';

/** 160 bits: nobody finds them by trying, so that a digest may be told. */
export const SECRET_OCTETS = 20;
/** One octet more: where the share lies on the polynomial. */
export const SHARE_OCTETS = SECRET_OCTETS + 1;

export function splitSecret(
  secret: Bytes,
  { shares, threshold }: { readonly shares: number; readonly threshold: number },
): Promise<readonly Bytes[]> {
  return split(secret, shares, threshold);
}

/** Of at least as many different shares as the threshold; of fewer, octets that are not the secret. */
export function combineShares(shares: readonly Bytes[]): Promise<Bytes> {
  return combine([...shares]);
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The PIN, 32 characters of the alphabet of RFC 4648 section 6, in octets that can be overwritten. */
export function pinOf(secret: Bytes): Bytes {
  const pin = new Uint8Array(Math.ceil((secret.length * 8) / 5));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const octet of secret) {
    held = (held << 8) | octet;
    bits += 8;
    for (; bits >= 5; bits -= 5) {
      pin[at] = BASE32.charCodeAt((held >>> (bits - 5)) & 31);
      at += 1;
    }
    held &= (1 << bits) - 1;
  }
  return pin;
}

/** By which a secret or a share is known without being told: SHA-256 over what it is, the set that it is of, and itself. */
export function commitmentTo(kind: 'pin' | 'share', set: string, octets: Bytes): string {
  const content = concat([utf8(`pfcng quorum ${kind} 1\0`), fromHex(set) ?? utf8(set), octets]);
  const digest = sha256Hex(content);
  content.fill(0);
  return digest;
}
