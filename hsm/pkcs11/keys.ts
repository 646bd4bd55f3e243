/** Key pairs on a token: made, found, read and destroyed. Label and CKA_ID are the issuer's id. */
import { createPublicKey } from 'node:crypto';
import {
  KeyGenMechanism,
  KeyType as NativeKeyType,
  ObjectClass,
  type Session,
  type SessionObject,
} from 'graphene-pk11';
import pkcs11js from 'pkcs11js';
import { type Bytes, equalBytes } from '../../src/kernel/bytes.js';
import type { KeyType } from '../../src/x509/model.js';
import { PRIVATE_KEY_TEMPLATE, requireAttributes } from './attributes.js';
import { attempt, TokenFailed } from './failures.js';
import { KEY_TYPE_FACTS } from './key-types.js';

const KEY_TYPES = Object.keys(KEY_TYPE_FACTS) as readonly KeyType[];

/** A private key that was found fit. `handle` is good in every session of this process. */
export type TokenKey = {
  readonly label: string;
  readonly keyType: KeyType;
  readonly handle: Buffer;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Bytes;
};

/** Makes a key pair on the token and reads back that it is what we asked for. Throws `TokenFailed`. */
export function generateKeyPair(session: Session, label: string, keyType: KeyType): TokenKey {
  if (find(session, label, ObjectClass.PRIVATE_KEY).length + find(session, label, ObjectClass.PUBLIC_KEY).length > 0) {
    throw new TokenFailed({ kind: 'key-exists', label });
  }
  const facts = KEY_TYPE_FACTS[keyType];
  const identity = { label, id: Buffer.from(label, 'utf8') };
  const usage = { token: true, private: false, verify: true, encrypt: false, wrap: false };
  // 65537: the only public exponent in use (FIPS 186-5 5.4).
  const parameters =
    facts.family === 'rsa'
      ? { modulusBits: facts.modulusBits, publicExponent: Buffer.of(1, 0, 1) }
      : { paramsEC: Buffer.from(facts.parameters) };
  const mechanism = facts.family === 'rsa' ? KeyGenMechanism.RSA : KeyGenMechanism.EC;
  attempt('C_GenerateKeyPair', () =>
    session.generateKeyPair(
      mechanism,
      { ...identity, ...usage, ...parameters },
      { ...identity, ...PRIVATE_KEY_TEMPLATE },
    ),
  );
  return findKey(session, label);
}

/** The one fit key pair of this label. Throws `TokenFailed`: none, several, or attributes that are not as they must be. */
export function findKey(session: Session, label: string): TokenKey {
  const key = findOne(session, label, ObjectClass.PRIVATE_KEY);
  requireAttributes(label, key);
  const { keyType, publicKey } = readPublicKey(label, findOne(session, label, ObjectClass.PUBLIC_KEY));
  return { label, keyType, handle: key.handle, publicKey };
}

/** The private key object, fit or not: for showing its attributes. */
export function findPrivateKey(session: Session, label: string): SessionObject {
  return findOne(session, label, ObjectClass.PRIVATE_KEY);
}

/** Destroys both halves. What cannot be found any more is destroyed already. */
export function destroyKeyPair(session: Session, label: string): void {
  const halves = [ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY].flatMap((kind) => find(session, label, kind));
  if (halves.length === 0) throw new TokenFailed({ kind: 'key-not-found', label });
  for (const half of halves) attempt('C_DestroyObject', () => half.destroy());
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

function readPublicKey(label: string, object: SessionObject): { readonly keyType: KeyType; readonly publicKey: Bytes } {
  // By number, for the octets as they are: by name graphene makes something else of EC parameters.
  const read = (attribute: number): Bytes => attempt('C_GetAttributeValue', () => object.getAttribute(attribute));
  const native: unknown = attempt('C_GetAttributeValue', () => object.getAttribute('keyType'));
  if (native === NativeKeyType.RSA) {
    const n = read(pkcs11js.CKA_MODULUS);
    const keyType = KEY_TYPES.find((type) => {
      const facts = KEY_TYPE_FACTS[type];
      return facts.family === 'rsa' && facts.modulusBits === n.length * 8;
    });
    if (!keyType) throw new TokenFailed({ kind: 'key-mismatch', label, detail: `an RSA key of ${n.length} octets` });
    return {
      keyType,
      publicKey: spki({ kty: 'RSA', n: base64url(n), e: base64url(read(pkcs11js.CKA_PUBLIC_EXPONENT)) }),
    };
  }
  const parameters = read(pkcs11js.CKA_EC_PARAMS);
  const keyType = KEY_TYPES.find((type) => {
    const facts = KEY_TYPE_FACTS[type];
    return facts.family === 'ec' && equalBytes(facts.parameters, parameters);
  });
  const facts = keyType && KEY_TYPE_FACTS[keyType];
  if (!keyType || facts?.family !== 'ec') {
    throw new TokenFailed({ kind: 'key-mismatch', label, detail: 'neither RSA nor on P-256 or P-384' });
  }
  const size = facts.coordinateBytes;
  const point = read(pkcs11js.CKA_EC_POINT).slice(-2 * size - 1);
  // CKA_EC_POINT is the DER OCTET STRING of the uncompressed point (PKCS#11 v2.40 mechanisms, 2.3.3); some tokens give it bare.
  if (point.length !== 2 * size + 1 || point[0] !== 4) {
    throw new TokenFailed({ kind: 'key-mismatch', label, detail: 'its point is not uncompressed' });
  }
  const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)];
  return { keyType, publicKey: spki({ kty: 'EC', crv: facts.curve, x: base64url(x), y: base64url(y) }) };
}

function spki(jwk: JsonWebKey): Bytes {
  const der = createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ type: 'spki', format: 'der' });
  return new Uint8Array(der);
}

function base64url(bytes: Bytes): string {
  return Buffer.from(bytes).toString('base64url');
}
