import { createHash, type Hash, hash as hashWhole } from 'node:crypto';
import { type Bytes, toHex } from '../../src/kernel/bytes.js';
import type { KeyType } from '../../src/x509/model.js';
import { KEY_TYPE_FACTS } from '../pkcs11/keys/key-types.js';

/** Hashes while bytes come: one for the journal, one more where the key's hash is another. */
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

/** Of bytes that are there whole: in one call each, which is what most of the cost is. */
export function hashTbs(keyType: KeyType, tbs: Bytes): ReturnType<TbsHashes['finish']> {
  const { hash } = KEY_TYPE_FACTS[keyType];
  const sha256 = hashWhole('sha256', tbs, 'buffer');
  return { sha256: toHex(sha256), digest: hash === 'sha256' ? sha256 : hashWhole(hash, tbs, 'buffer') };
}
