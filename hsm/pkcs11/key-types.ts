/** The kinds of key that a token makes and signs with, and everything that depends on the kind, in one table. */
import type { Bytes } from '../../src/kernel/bytes.js';
import type { KeyType } from '../../src/x509/model.js';

export type KeyTypeFacts =
  | { readonly family: 'rsa'; readonly modulusBits: number; readonly hash: 'sha256' }
  | {
      readonly family: 'ec';
      /** JSON Web Key name of the curve (RFC 7518 6.2.1.1). */
      readonly curve: string;
      /** DER of the curve's OBJECT IDENTIFIER: CKA_EC_PARAMS (PKCS#11 v2.40 mechanisms, 2.3.3; RFC 5480 2.1.1.1). */
      readonly parameters: Bytes;
      readonly coordinateBytes: number;
      readonly hash: 'sha256' | 'sha384';
    };

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
