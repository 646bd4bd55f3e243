import type { SessionObject } from 'graphene-pk11';
import { ckrOf, TokenError } from '../failures.js';

/**
 * The attributes that our private keys must have. They are checked when a key is made and whenever
 * it is loaded (PKCS#11 v2.40, 4.4, 4.7 and 4.9). They say that the key was made on the token, is
 * never outside of it in clear, and is for signatures only.
 */
const REQUIRED_ATTRIBUTES = {
  token: { name: 'CKA_TOKEN', value: true },
  private: { name: 'CKA_PRIVATE', value: true },
  sensitive: { name: 'CKA_SENSITIVE', value: true },
  extractable: { name: 'CKA_EXTRACTABLE', value: false },
  sign: { name: 'CKA_SIGN', value: true },
  signRecover: { name: 'CKA_SIGN_RECOVER', value: false },
  decrypt: { name: 'CKA_DECRYPT', value: false },
  unwrap: { name: 'CKA_UNWRAP', value: false },
  derive: { name: 'CKA_DERIVE', value: false },
  local: { name: 'CKA_LOCAL', value: true },
  alwaysSensitive: { name: 'CKA_ALWAYS_SENSITIVE', value: true },
  neverExtractable: { name: 'CKA_NEVER_EXTRACTABLE', value: true },
} as const;

type RequiredAttribute = keyof typeof REQUIRED_ATTRIBUTES;
const ATTRIBUTES = Object.keys(REQUIRED_ATTRIBUTES) as readonly RequiredAttribute[];

/**
 * Attributes of a private key by PKCS#11 name. If the token does not return a value, the CKR name
 * of its failure is the value, or `not a boolean`.
 */
export type KeyAttributes = Readonly<Record<string, boolean | string>>;

export function readAttributes(key: SessionObject): KeyAttributes {
  const read: Record<string, boolean | string> = {};
  for (const attribute of ATTRIBUTES) read[REQUIRED_ATTRIBUTES[attribute].name] = readAttribute(key, attribute);
  return read;
}

/** Throws `TokenError` (`key-unfit`) with the first attribute that differs from the table. */
export function requireAttributes(label: string, key: SessionObject): void {
  for (const attribute of ATTRIBUTES) {
    const { name, value: expected } = REQUIRED_ATTRIBUTES[attribute];
    const found = readAttribute(key, attribute);
    if (found === expected) continue;
    throw new TokenError({ kind: 'key-unfit', label, attribute: name, expected: `${expected}`, found: `${found}` });
  }
}

/** The attributes that a template may set. The token itself sets the others. */
export const PRIVATE_KEY_TEMPLATE = {
  token: true,
  private: true,
  sensitive: true,
  extractable: false,
  sign: true,
  signRecover: false,
  decrypt: false,
  unwrap: false,
  derive: false,
} as const satisfies Partial<Record<RequiredAttribute, boolean>>;

function readAttribute(key: SessionObject, attribute: RequiredAttribute): boolean | string {
  try {
    const value: unknown = key.getAttribute(attribute);
    return typeof value === 'boolean' ? value : 'not a boolean';
  } catch (thrown) {
    const ckr = ckrOf(thrown);
    if (ckr === null) throw thrown;
    return ckr;
  }
}
