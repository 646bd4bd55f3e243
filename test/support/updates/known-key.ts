/** Keys on P-256 that every process of a test makes the same, from a name. */
import { createECDH, createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { HolderKey } from '../service/csr.js';

export function knownKey(name: string): HolderKey {
  const secret = createHash('sha256').update(name).digest();
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(secret);
  const point = ecdh.getPublicKey();
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
  const jwk = { kty: 'EC', crv: 'P-256', x, y } as const;
  return {
    publicKey: createPublicKey({ key: jwk, format: 'jwk' }),
    privateKey: createPrivateKey({ key: { ...jwk, d: secret.toString('base64url') }, format: 'jwk' }),
  };
}
