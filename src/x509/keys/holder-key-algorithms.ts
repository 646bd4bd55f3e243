/** The algorithm identifiers that SubjectPublicKeyInfo has for each type of key of holders. */
import { nullValue, oid, seq } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { CurveName, HolderKeyType } from '../model.js';

type KeyRow =
  | { readonly kind: 'rsa'; readonly bits: number }
  | { readonly kind: 'ec'; readonly curve: string }
  | { readonly kind: 'ed25519' };

const CURVES: Readonly<Record<CurveName, string>> = {
  'p-256': OID.p256,
  'p-384': OID.p384,
  'p-521': OID.p521,
  'brainpool-p256r1': OID.brainpoolP256r1,
  'brainpool-p384r1': OID.brainpoolP384r1,
};

/** `bits`: of the modulus; `curve`: its object identifier. */
export const HOLDER_KEYS: Readonly<Record<HolderKeyType, KeyRow>> = {
  'rsa-2048': { kind: 'rsa', bits: 2048 },
  'rsa-3072': { kind: 'rsa', bits: 3072 },
  'rsa-4096': { kind: 'rsa', bits: 4096 },
  'p-256': { kind: 'ec', curve: CURVES['p-256'] },
  'p-384': { kind: 'ec', curve: CURVES['p-384'] },
  'p-521': { kind: 'ec', curve: CURVES['p-521'] },
  'brainpool-p256r1': { kind: 'ec', curve: CURVES['brainpool-p256r1'] },
  'brainpool-p384r1': { kind: 'ec', curve: CURVES['brainpool-p384r1'] },
  ed25519: { kind: 'ed25519' },
};

/** AlgorithmIdentifier of a public key (RFC 3279 2.3.1, RFC 5480 2.1.1, RFC 8410 section 3). */
export function publicKeyAlgorithm(keyType: HolderKeyType): Bytes {
  const key = HOLDER_KEYS[keyType];
  switch (key.kind) {
    case 'rsa':
      return seq(oid(OID.rsaEncryption), nullValue());
    case 'ec':
      return seq(oid(OID.ecPublicKey), oid(key.curve));
    case 'ed25519':
      return seq(oid(OID.ed25519));
  }
}
