import { createHash, createPublicKey, verify } from 'node:crypto';
import { assert } from '../../../src/kernel/assert.js';
import { type Bytes, utf8 } from '../../../src/kernel/bytes.js';
import { TokenError } from '../failures.js';
import { KEY_TYPE_FACTS } from '../keys/key-types.js';
import type { TokenKey } from '../keys/keys.js';
import type { SessionPool } from './session-pool.js';

/** Hashes `tbs` with the hash of the key's type, and signs the hash. Rejects with `TokenError`. */
export async function hashAndSign(key: TokenKey, tbs: Bytes, pool: SessionPool): Promise<Bytes> {
  const digest = createHash(KEY_TYPE_FACTS[key.keyType].hash).update(tbs).digest();
  const signature = await pool.sign(key, digest);
  if (signature.ok) return signature.value;
  assert(signature.error.kind !== 'pool-closed', 'the pool is not closed during this signature');
  throw new TokenError(signature.error);
}

/**
 * Checks that the public key verifies a signature of the key. It signs text that is no DER, so that
 * the signature cannot be used for anything else.
 */
export async function selfTestKey(key: TokenKey, pool: SessionPool): Promise<void> {
  const text = utf8(`PFCNG self-check of key ${key.label}`);
  const signature = await hashAndSign(key, text, pool);
  const publicKey = createPublicKey({ key: Buffer.from(key.publicKey), format: 'der', type: 'spki' });
  if (verify(KEY_TYPE_FACTS[key.keyType].hash, text, publicKey, signature)) return;
  throw new TokenError({ kind: 'signature-wrong', label: key.label });
}
