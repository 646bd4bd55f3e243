/** The types of keys that a token makes and signs with, and everything that depends on the type. */
import { type Bytes, utf8 } from '../../../src/kernel/bytes.js';
import type { KeyType } from '../../../src/x509/model.js';

type RsaFacts = { readonly family: 'rsa'; readonly modulusBits: number; readonly hash: 'sha256' };
type EcFacts<Hash> = {
  readonly family: 'ec';
  /** JSON Web Key name of the curve (RFC 7518 6.2.1.1). */
  readonly curve: string;
  /**
   * DER of the curve's OBJECT IDENTIFIER: CKA_EC_PARAMS (PKCS#11 v2.40 mechanisms, 2.3.3; RFC 5480
   * 2.1.1.1).
   */
  readonly parameters: Bytes;
  readonly coordinateBytes: number;
  readonly hash: Hash;
};
type KeyTypeFacts = RsaFacts | EcFacts<'sha256' | 'sha384'>;

const rsa = (modulusBits: number): KeyTypeFacts => ({ family: 'rsa', modulusBits, hash: 'sha256' });

export const KEY_TYPE_FACTS: Readonly<Record<KeyType, KeyTypeFacts>> = {
  'rsa-2048': rsa(2048),
  'rsa-3072': rsa(3072),
  'rsa-4096': rsa(4096),
  'p-256': {
    family: 'ec',
    curve: 'P-256',
    parameters: Uint8Array.of(0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07),
    coordinateBytes: 32,
    hash: 'sha256',
  },
  'p-384': {
    family: 'ec',
    curve: 'P-384',
    parameters: Uint8Array.of(0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22),
    coordinateBytes: 48,
    hash: 'sha384',
  },
};

/**
 * All key types that we can use on a token. The types that are not in `KeyType` sign no
 * certificates: a policy cannot name them, and a signer refuses such a key. Ceremony tools and
 * `pfcng hsm` know them, so that a token can be tried with them before a policy uses them.
 */
export type TokenKeyType = KeyType | 'p-521' | 'ed25519' | 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87';

/** Ed25519 (RFC 8032) and ML-DSA (FIPS 204) sign the message itself, so that they have no hash. */
export type TokenKeyTypeFacts =
  | RsaFacts
  | EcFacts<'sha256' | 'sha384' | 'sha512'>
  | {
      readonly family: 'edwards';
      /** CKA_EC_PARAMS as the PrintableString of PKCS#11 v3.0 mechanisms, 2.3.5. */
      readonly parameters: Bytes;
      /** The other form of CKA_EC_PARAMS that tokens return: the OBJECT IDENTIFIER of RFC 8410. */
      readonly parametersByOid: Bytes;
      readonly publicKeyBytes: number;
    }
  | {
      readonly family: 'ml-dsa';
      /** CKA_PARAMETER_SET (PKCS#11 v3.2, 6.67.2). */
      readonly parameterSet: number;
      readonly publicKeyBytes: number;
      /** Last arc of the OBJECT IDENTIFIER 2.16.840.1.101.3.4.3.x (RFC 9881). */
      readonly arc: number;
    };

const mlDsa = (parameterSet: number, publicKeyBytes: number, arc: number): TokenKeyTypeFacts => ({
  family: 'ml-dsa',
  parameterSet,
  publicKeyBytes,
  arc,
});

export const TOKEN_KEY_TYPE_FACTS: Readonly<Record<TokenKeyType, TokenKeyTypeFacts>> = {
  ...KEY_TYPE_FACTS,
  'p-521': {
    family: 'ec',
    curve: 'P-521',
    parameters: Uint8Array.of(0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23),
    coordinateBytes: 66,
    hash: 'sha512',
  },
  ed25519: {
    family: 'edwards',
    parameters: Uint8Array.of(0x13, 0x0c, ...utf8('edwards25519')),
    parametersByOid: Uint8Array.of(0x06, 0x03, 0x2b, 0x65, 0x70),
    publicKeyBytes: 32,
  },
  'ml-dsa-44': mlDsa(1, 1312, 17),
  'ml-dsa-65': mlDsa(2, 1952, 18),
  'ml-dsa-87': mlDsa(3, 2592, 19),
};

export const TOKEN_KEY_TYPES = Object.keys(TOKEN_KEY_TYPE_FACTS) as readonly TokenKeyType[];

/** Whether certificates of this platform are signed with keys of this type. */
export function isKeyType(keyType: TokenKeyType): keyType is KeyType {
  return keyType in KEY_TYPE_FACTS;
}
