/**
 * The public key of the platform, which verifies receipts and webhooks. It has no certificate: its
 * hash is in the minutes of the ceremony that made it (ops/decisions/0025).
 */
import type { Bytes } from '../kernel/bytes.js';
import { sha256Hex } from '../kernel/digest.js';
import { verifySignatureAsync } from '../x509/keys/algorithms.js';
import { keyTypeOf, readPublicKey } from '../x509/keys/public-key.js';

export type PlatformKey = {
  /** SHA-256 of the SubjectPublicKeyInfo, in lower-case hex. */
  readonly id: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
};

/** null: this is not the SubjectPublicKeyInfo of a key on the curve P-256. */
export function platformKeyOf(spki: Bytes): PlatformKey | null {
  const key = readPublicKey(spki);
  return key.ok && keyTypeOf(key.value) === 'p-256' ? { id: sha256Hex(spki), spki } : null;
}

/** `signature`: DER of ECDSA-Sig-Value, with SHA-256. */
export function verifiesPlatformSignature({ spki }: PlatformKey, data: Bytes, signature: Bytes): Promise<boolean> {
  return verifySignatureAsync({ spki, algorithm: 'ecdsaWithSha256', data, signature });
}
