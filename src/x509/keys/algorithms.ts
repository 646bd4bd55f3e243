/**
 * Signature algorithms as a table, and verification. The encodings are constants, independent of
 * parser and writer.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { present } from '../../kernel/assert.js';
import { type Bytes, equalBytes, fromHex } from '../../kernel/bytes.js';
import { memoize } from '../../kernel/memoize.js';
import type { KeyType, SignatureAlgorithm } from '../model.js';
import { encodePem } from '../pem.js';

type Row = {
  readonly hash: 'sha256' | 'sha384';
  /** The type of the key as node:crypto names it. */
  readonly key: 'rsa' | 'ec';
  /** The whole AlgorithmIdentifier. */
  readonly der: Bytes;
};

/** RFC 4055 section 5: RSA with NULL parameters; RFC 5758 3.2: ECDSA without any. */
const ALGORITHMS = {
  sha256WithRsaEncryption: { hash: 'sha256', key: 'rsa', der: constant('300d06092a864886f70d01010b0500') },
  ecdsaWithSha256: { hash: 'sha256', key: 'ec', der: constant('300a06082a8648ce3d040302') },
  ecdsaWithSha384: { hash: 'sha384', key: 'ec', der: constant('300a06082a8648ce3d040303') },
} as const satisfies Record<SignatureAlgorithm, Row>;

const OF_KEY_TYPE = {
  'rsa-2048': 'sha256WithRsaEncryption',
  'rsa-3072': 'sha256WithRsaEncryption',
  'rsa-4096': 'sha256WithRsaEncryption',
  'p-256': 'ecdsaWithSha256',
  'p-384': 'ecdsaWithSha384',
} as const satisfies Record<KeyType, SignatureAlgorithm>;

const NAMES = [
  'sha256WithRsaEncryption',
  'ecdsaWithSha256',
  'ecdsaWithSha384',
] as const satisfies readonly (keyof typeof ALGORITHMS)[];

function constant(hex: string): Bytes {
  return present(fromHex(hex), 'octets of a constant');
}

/** The algorithm that a CA key of this type signs with. */
export function signatureAlgorithmFor(keyType: KeyType): SignatureAlgorithm {
  return OF_KEY_TYPE[keyType];
}

export function hashFor(algorithm: SignatureAlgorithm): 'sha256' | 'sha384' {
  return ALGORITHMS[algorithm].hash;
}

/** The whole AlgorithmIdentifier, as a copy that the caller may keep. */
export function algorithmIdentifierDer(algorithm: SignatureAlgorithm): Bytes {
  return ALGORITHMS[algorithm].der.slice();
}

/** The algorithm that has exactly this AlgorithmIdentifier; null: none of ours. */
export function signatureAlgorithmOf(der: Bytes): SignatureAlgorithm | null {
  return NAMES.find((name) => equalBytes(ALGORITHMS[name].der, der)) ?? null;
}

type SignatureClaim = {
  readonly spki: Bytes;
  readonly algorithm: SignatureAlgorithm;
  readonly data: Bytes;
  readonly signature: Bytes;
};

/**
 * Whether `signature` (the content of the BIT STRING) is a signature of this key over `data`. A key
 * that cannot be read, or that is not of the algorithm's type, verifies nothing.
 */
export function verifySignature(claim: SignatureClaim): boolean {
  const verification = verificationOf(claim);
  if (verification === null) return false;
  try {
    return verify(verification.hash, verification.data, verification.key, verification.signature);
  } catch {
    return false;
  }
}

/**
 * As `verifySignature`, on a thread of libuv's pool: when many are verified, the event loop stays
 * free.
 */
export function verifySignatureAsync(claim: SignatureClaim): Promise<boolean> {
  const verification = verificationOf(claim);
  return verification === null ? Promise.resolve(false) : verifyAsync(verification);
}

function verificationOf({ spki, algorithm, data, signature }: SignatureClaim): Verification | null {
  const { hash, key: type } = ALGORITHMS[algorithm];
  const key = keyObjectOf(spki);
  return key === null || key.asymmetricKeyType !== type ? null : { hash, key, options: {}, data, signature };
}

type Verification = {
  /** null: the algorithm takes the message itself (Ed25519). */
  readonly hash: 'sha224' | 'sha256' | 'sha384' | 'sha512' | null;
  readonly key: KeyObject;
  readonly options: { readonly padding?: number; readonly saltLength?: number };
  readonly data: Bytes;
  readonly signature: Bytes;
};

/**
 * `crypto.verify` on a thread of libuv's pool. OpenSSL may throw when a key is too small for the
 * algorithm; the result is then false.
 */
export function verifyAsync({ hash, key, options, data, signature }: Verification): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      // The key is passed alone if possible, because Node 24 needs longer for an object around it.
      const input = options.padding === undefined ? key : { key, ...options };
      verify(hash, data, input, signature, (error, holds) => resolve(error === null && holds));
    } catch {
      resolve(false);
    }
  });
}

/**
 * A node:crypto key; null when OpenSSL rejects it: malformed, not on its curve, or of an unknown
 * kind. It is passed as PEM: given any other form, Node 24 first tries to read it as a key object,
 * and makes an error with its stack when that fails (15 us instead of 40).
 */
export const importPublicKey = memoize((spki: Bytes): KeyObject | null => {
  try {
    return createPublicKey(encodePem('PUBLIC KEY', spki));
  } catch {
    return null;
  }
});

/**
 * A cache for the keys of issuers, responders and accounts, which are few and used over and over.
 * The oldest entry is evicted.
 */
const KEYS_MAX = 256;
const keys = new Map<string, KeyObject>();

function keyObjectOf(spki: Bytes): KeyObject | null {
  const id = Buffer.from(spki.buffer, spki.byteOffset, spki.byteLength).toString('latin1');
  const known = keys.get(id);
  if (known !== undefined) return known;
  const fresh = importPublicKey(spki);
  if (fresh === null) return null;
  const oldest = keys.keys().next();
  if (keys.size >= KEYS_MAX && oldest.done !== true) keys.delete(oldest.value);
  keys.set(id, fresh);
  return fresh;
}
