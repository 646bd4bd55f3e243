/** Makes, finds, reads and destroys key pairs on a token. The CKA_ID of a key is its label. */
import { type ITemplate, ObjectClass, registerAttribute, type Session, type SessionObject } from 'graphene-pk11';
import type { Bytes } from '../../../src/kernel/bytes.js';
import type { KeyType } from '../../../src/x509/model.js';
import { attempt, TokenError } from '../failures.js';
import { PRIVATE_KEY_TEMPLATE, requireAttributes } from './attributes.js';
import { isKeyType, TOKEN_KEY_TYPE_FACTS, type TokenKeyType } from './key-types.js';
import { generatingMechanism, requireMechanism } from './mechanisms.js';
import { readPublicKey } from './public-key.js';

/**
 * A private key with correct attributes, of any type. `handle` is valid in every session of this
 * process.
 */
export type AnyTokenKey = {
  readonly label: string;
  readonly keyType: TokenKeyType;
  readonly handle: Buffer;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Bytes;
};
/** A key whose type may sign certificates. */
export type TokenKey = AnyTokenKey & { readonly keyType: KeyType };

/** CKA_PARAMETER_SET of PKCS#11 v3.2, which graphene lacks. */
const PARAMETER_SET = { name: 'pfcngParameterSet', value: 0x61d } as const;
registerAttribute(PARAMETER_SET.name, PARAMETER_SET.value, 'number');

/** Makes a key pair on the token, and checks the attributes of the result. Throws `TokenError`. */
export function generateKeyPair(session: Session, label: string, keyType: KeyType): TokenKey {
  return requireKeyType(generateAnyKeyPair(session, label, keyType));
}

/**
 * Does the same as `generateKeyPair`, for keys of any type. Throws `TokenError`
 * (`mechanism-missing`) if the token cannot generate such keys.
 */
export function generateAnyKeyPair(session: Session, label: string, keyType: TokenKeyType): AnyTokenKey {
  if (isLabelTaken(session, label)) throw new TokenError({ kind: 'key-exists', label });
  const mechanism = generatingMechanism(keyType);
  requireMechanism(session.slot, mechanism, `keys of type ${keyType}`);
  const identity = { label, id: Buffer.from(label, 'utf8') };
  const usage = { token: true, private: false, verify: true, encrypt: false, wrap: false };
  attempt('C_GenerateKeyPair', () =>
    session.generateKeyPair(
      { name: mechanism.type, params: null },
      { ...identity, ...usage, ...parametersOf(keyType) },
      { ...identity, ...PRIVATE_KEY_TEMPLATE },
    ),
  );
  return findAnyKey(session, label);
}

function parametersOf(keyType: TokenKeyType): ITemplate {
  const facts = TOKEN_KEY_TYPE_FACTS[keyType];
  switch (facts.family) {
    case 'rsa':
      // The public exponent is 65537, the usual one, which FIPS 186-5 allows (A.1.1).
      return { modulusBits: facts.modulusBits, publicExponent: Buffer.of(1, 0, 1) };
    case 'ec':
    case 'edwards':
      return { paramsEC: Buffer.from(facts.parameters) };
    case 'ml-dsa':
      return { [PARAMETER_SET.name]: facts.parameterSet };
  }
}

/**
 * Finds the only key pair with this label, of a type that signs certificates. Throws `TokenError`
 * if there is none or there are several, or if its attributes are wrong.
 */
export function findKey(session: Session, label: string): TokenKey {
  return requireKeyType(findAnyKey(session, label));
}

export function findAnyKey(session: Session, label: string): AnyTokenKey {
  const key = findOne(session, label, ObjectClass.PRIVATE_KEY);
  requireAttributes(label, key);
  const { keyType, publicKey } = readPublicKey(label, findOne(session, label, ObjectClass.PUBLIC_KEY));
  return { label, keyType, handle: key.handle, publicKey };
}

function requireKeyType(key: AnyTokenKey): TokenKey {
  const { keyType, label } = key;
  if (isKeyType(keyType)) return { ...key, keyType };
  throw new TokenError({ kind: 'key-mismatch', label, detail: `a ${keyType} key signs no certificates` });
}

/** Finds the private key object with this label, whatever its attributes are, to show them. */
export function findPrivateKey(session: Session, label: string): SessionObject {
  return findOne(session, label, ObjectClass.PRIVATE_KEY);
}

/** Returns the sorted labels of all private keys, whatever their attributes are. */
export function privateKeyLabels(session: Session): readonly string[] {
  const found = attempt('C_FindObjects', () => session.find({ class: ObjectClass.PRIVATE_KEY }));
  const labels = Array.from({ length: found.length }, (_, index) => {
    const label: unknown = attempt('C_GetAttributeValue', () => found.items(index).getAttribute('label'));
    return typeof label === 'string' ? label : '';
  });
  return labels.sort();
}

/**
 * Destroys all keys with this label: both halves of a key pair, or the half that exists. Throws
 * `TokenError` (`key-not-found`) if there is none.
 */
export function destroyKeyPair(session: Session, label: string): void {
  const halves = [ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY].flatMap((kind) => find(session, label, kind));
  if (halves.length === 0) throw new TokenError({ kind: 'key-not-found', label });
  for (const half of halves) attempt('C_DestroyObject', () => half.destroy());
}

/** Whether any key has this label, which is also its CKA_ID: a pair, half of one, or several. */
export function isLabelTaken(session: Session, label: string): boolean {
  return find(session, label, ObjectClass.PRIVATE_KEY).length + find(session, label, ObjectClass.PUBLIC_KEY).length > 0;
}

function find(session: Session, label: string, objectClass: ObjectClass): readonly SessionObject[] {
  const template = { class: objectClass, label, id: Buffer.from(label, 'utf8') };
  const found = attempt('C_FindObjects', () => session.find(template));
  return Array.from({ length: found.length }, (_, index) => found.items(index));
}

function findOne(session: Session, label: string, objectClass: ObjectClass): SessionObject {
  const [first, ...others] = find(session, label, objectClass);
  if (!first) throw new TokenError({ kind: 'key-not-found', label });
  if (others.length > 0) throw new TokenError({ kind: 'key-ambiguous', label, count: 1 + others.length });
  return first;
}
