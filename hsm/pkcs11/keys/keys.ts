/** Key pairs on a token: made, found, read and destroyed. Label and CKA_ID are the issuer's id. */
import { type ITemplate, ObjectClass, registerAttribute, type Session, type SessionObject } from 'graphene-pk11';
import type { Bytes } from '../../../src/kernel/bytes.js';
import type { KeyType } from '../../../src/x509/model.js';
import { attempt, TokenFailed } from '../failures.js';
import { PRIVATE_KEY_TEMPLATE, requireAttributes } from './attributes.js';
import { isKeyType, TOKEN_KEY_TYPE_FACTS, type TokenKeyType } from './key-types.js';
import { generatingMechanism, requireMechanism } from './mechanisms.js';
import { readPublicKey } from './public-key.js';

/** A private key that was found fit, of any type that tokens have. `handle` is good in every session of this process. */
export type AnyTokenKey = {
  readonly label: string;
  readonly keyType: TokenKeyType;
  readonly handle: Buffer;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Bytes;
};
/** One that certificates of this platform are signed with. */
export type TokenKey = AnyTokenKey & { readonly keyType: KeyType };

/** CKA_PARAMETER_SET of PKCS#11 v3.2, which graphene does not know. */
const PARAMETER_SET = { name: 'pfcngParameterSet', value: 0x61d } as const;
registerAttribute(PARAMETER_SET.name, PARAMETER_SET.value, 'number');

/** Makes a key pair on the token and reads back that it is what we asked for. Throws `TokenFailed`. */
export function generateKeyPair(session: Session, label: string, keyType: KeyType): TokenKey {
  return certified(generateAnyKeyPair(session, label, keyType));
}

/** The same for any type; `mechanism-missing` where the token does not make or use such keys. */
export function generateAnyKeyPair(session: Session, label: string, keyType: TokenKeyType): AnyTokenKey {
  if (isLabelTaken(session, label)) throw new TokenFailed({ kind: 'key-exists', label });
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
      // 65537: the only public exponent in use (FIPS 186-5 5.4).
      return { modulusBits: facts.modulusBits, publicExponent: Buffer.of(1, 0, 1) };
    case 'ec':
    case 'edwards':
      return { paramsEC: Buffer.from(facts.parameters) };
    case 'ml-dsa':
      return { [PARAMETER_SET.name]: facts.parameterSet };
  }
}

/** The one fit key pair of this label. Throws `TokenFailed`: none, several, or attributes that are not as they must be. */
export function findKey(session: Session, label: string): TokenKey {
  return certified(findAnyKey(session, label));
}

export function findAnyKey(session: Session, label: string): AnyTokenKey {
  const key = findOne(session, label, ObjectClass.PRIVATE_KEY);
  requireAttributes(label, key);
  const { keyType, publicKey } = readPublicKey(label, findOne(session, label, ObjectClass.PUBLIC_KEY));
  return { label, keyType, handle: key.handle, publicKey };
}

function certified(key: AnyTokenKey): TokenKey {
  const { keyType, label } = key;
  if (isKeyType(keyType)) return { ...key, keyType };
  throw new TokenFailed({ kind: 'key-mismatch', label, detail: `no certificate is signed here with a ${keyType} key` });
}

/** The private key object, fit or not: for showing its attributes. */
export function findPrivateKey(session: Session, label: string): SessionObject {
  return findOne(session, label, ObjectClass.PRIVATE_KEY);
}

/** Of every private key that is there, fit or not, in their order. */
export function privateKeyLabels(session: Session): readonly string[] {
  const found = attempt('C_FindObjects', () => session.find({ class: ObjectClass.PRIVATE_KEY }));
  const labels = Array.from({ length: found.length }, (_, index) => {
    const label: unknown = attempt('C_GetAttributeValue', () => found.items(index).getAttribute('label'));
    return typeof label === 'string' ? label : '';
  });
  return labels.sort();
}

/** Destroys both halves. What cannot be found any more is destroyed already. */
export function destroyKeyPair(session: Session, label: string): void {
  const halves = [ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY].flatMap((kind) => find(session, label, kind));
  if (halves.length === 0) throw new TokenFailed({ kind: 'key-not-found', label });
  for (const half of halves) attempt('C_DestroyObject', () => half.destroy());
}

/** Whether anything of this label is there: a key pair, half of one, several. */
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
  if (!first) throw new TokenFailed({ kind: 'key-not-found', label });
  if (others.length > 0) throw new TokenFailed({ kind: 'key-ambiguous', label, count: 1 + others.length });
  return first;
}
