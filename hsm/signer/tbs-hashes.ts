import { createHash, type Hash, hash as hashWhole } from 'node:crypto';
import { type Bytes, toHex } from '../../src/kernel/bytes.js';
import type { KeyType } from '../../src/x509/model.js';
import { KEY_TYPE_FACTS } from '../pkcs11/keys/key-types.js';

/** Hashes chunks: SHA-256 for the journal, and the hash of the key type when it is another. */
export type TbsHashes = { update(bytes: Bytes): void; finish(): { readonly sha256: string; readonly digest: Bytes } };

export function createTbsHashes(keyType: KeyType): TbsHashes {
  const { hash } = KEY_TYPE_FACTS[keyType];
  const journaled = createHash('sha256');
  const signed: Hash | null = hash === 'sha256' ? null : createHash(hash);
  return {
    update(bytes) {
      journaled.update(bytes);
      signed?.update(bytes);
    },
    finish() {
      const sha256 = journaled.digest();
      return { sha256: toHex(sha256), digest: signed?.digest() ?? sha256 };
    },
  };
}

/**
 * Hashes all bytes at once: one call for each hash, because the calls cost more than the hashing.
 */
export function hashTbs(keyType: KeyType, tbs: Bytes): ReturnType<TbsHashes['finish']> {
  const { hash } = KEY_TYPE_FACTS[keyType];
  const sha256 = hashWhole('sha256', tbs, 'buffer');
  return { sha256: toHex(sha256), digest: hash === 'sha256' ? sha256 : hashWhole(hash, tbs, 'buffer') };
}
