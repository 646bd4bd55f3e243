/** Reads public key objects of a token as SubjectPublicKeyInfo. */
import { createPublicKey } from 'node:crypto';
import { KeyType as NativeKeyType, type SessionObject } from 'graphene-pk11';
import pkcs11js from 'pkcs11js';
import { type Bytes, equalBytes } from '../../../src/kernel/bytes.js';
import { attempt, TokenError } from '../failures.js';
import { TOKEN_KEY_TYPE_FACTS, TOKEN_KEY_TYPES, type TokenKeyType, type TokenKeyTypeFacts } from './key-types.js';

type ReadPublicKey = { readonly keyType: TokenKeyType; readonly publicKey: Bytes };
type AttributeReader = (attribute: number) => Bytes;

/** Key types of PKCS#11 v3.0 and v3.2, which graphene does not define. */
const CKK_EC_EDWARDS = 0x40;
const CKK_ML_DSA = 0x4a;

/**
 * Reads a public key object of a token. Throws `TokenError` (`key-mismatch`) if its type is none of
 * ours.
 */
export function readPublicKey(label: string, object: SessionObject): ReadPublicKey {
  // Attributes are read by number to get their bytes. If they are read by name, graphene converts
  // EC parameters.
  const read: AttributeReader = (attribute) => attempt('C_GetAttributeValue', () => object.getAttribute(attribute));
  const native: unknown = attempt('C_GetAttributeValue', () => object.getAttribute('keyType'));
  const refuse = (detail: string) => new TokenError({ kind: 'key-mismatch', label, detail });
  const found = readers.get(Number(native))?.(read);
  if (found === undefined) throw refuse(`a key of CK_KEY_TYPE ${String(native)}`);
  if (typeof found === 'string') throw refuse(found);
  return found;
}

/** Readers by CK_KEY_TYPE. They return a text when the key has none of our types. */
const readers: ReadonlyMap<number, (read: AttributeReader) => ReadPublicKey | string> = new Map([
  [NativeKeyType.RSA, readRsa],
  [NativeKeyType.EC, readEc],
  [CKK_EC_EDWARDS, readEdwards],
  [CKK_ML_DSA, readMlDsa],
]);

function readRsa(read: AttributeReader): ReadPublicKey | string {
  const n = read(pkcs11js.CKA_MODULUS);
  const keyType = typeWith((facts) => facts.family === 'rsa' && facts.modulusBits === n.length * 8);
  if (!keyType) return `an RSA key of ${n.length} bytes`;
  return {
    keyType,
    publicKey: spki({ kty: 'RSA', n: base64url(n), e: base64url(read(pkcs11js.CKA_PUBLIC_EXPONENT)) }),
  };
}

function readEc(read: AttributeReader): ReadPublicKey | string {
  const parameters = read(pkcs11js.CKA_EC_PARAMS);
  const keyType = typeWith((facts) => facts.family === 'ec' && equalBytes(facts.parameters, parameters));
  const facts = keyType && TOKEN_KEY_TYPE_FACTS[keyType];
  if (!keyType || facts?.family !== 'ec') return 'an EC key on none of P-256, P-384 and P-521';
  const size = facts.coordinateBytes;
  const point = read(pkcs11js.CKA_EC_POINT).slice(-2 * size - 1);
  // CKA_EC_POINT is a DER OCTET STRING with the uncompressed point (PKCS#11 v2.40 mechanisms,
  // 2.3.3), but some tokens return the point alone.
  if (point.length !== 2 * size + 1 || point[0] !== 4) return 'its point is not uncompressed';
  const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)];
  return { keyType, publicKey: spki({ kty: 'EC', crv: facts.curve, x: base64url(x), y: base64url(y) }) };
}

function readEdwards(read: AttributeReader): ReadPublicKey | string {
  const parameters = read(pkcs11js.CKA_EC_PARAMS);
  const keyType = typeWith(
    (facts) =>
      facts.family === 'edwards' &&
      (equalBytes(facts.parameters, parameters) || equalBytes(facts.parametersByOid, parameters)),
  );
  const facts = keyType && TOKEN_KEY_TYPE_FACTS[keyType];
  if (!keyType || facts?.family !== 'edwards') return 'an Edwards key that is not on edwards25519';
  // CKA_EC_POINT is an OCTET STRING (SoftHSM), a BIT STRING (PKCS#11 v3.0) or the point alone
  // (v3.1).
  const point = read(pkcs11js.CKA_EC_POINT).slice(-facts.publicKeyBytes);
  if (point.length !== facts.publicKeyBytes) return `a public key of ${point.length} bytes`;
  return { keyType, publicKey: spki({ kty: 'OKP', crv: 'Ed25519', x: base64url(point) }) };
}

function readMlDsa(read: AttributeReader): ReadPublicKey | string {
  const value = read(pkcs11js.CKA_VALUE);
  const keyType = typeWith((facts) => facts.family === 'ml-dsa' && facts.publicKeyBytes === value.length);
  return keyType ? { keyType, publicKey: mlDsaPublicKey(keyType, value) } : `an ML-DSA key of ${value.length} bytes`;
}

/**
 * Encodes an ML-DSA public key as SubjectPublicKeyInfo of RFC 9881 section 4: an OBJECT IDENTIFIER
 * without parameters, and the key in the BIT STRING.
 */
export function mlDsaPublicKey(keyType: TokenKeyType, value: Bytes): Bytes {
  const facts = TOKEN_KEY_TYPE_FACTS[keyType];
  const arc = facts.family === 'ml-dsa' ? facts.arc : 0;
  const algorithm = [0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, arc];
  const content = [...algorithm, 0x03, ...longLength(value.length + 1), 0x00, ...value];
  return Uint8Array.of(0x30, ...longLength(content.length), ...content);
}

/** Encodes a DER length of 256 to 65535 bytes, which all of these keys have. */
function longLength(length: number): readonly number[] {
  return [0x82, length >> 8, length & 0xff];
}

function typeWith(fits: (facts: TokenKeyTypeFacts) => boolean): TokenKeyType | undefined {
  return TOKEN_KEY_TYPES.find((type) => fits(TOKEN_KEY_TYPE_FACTS[type]));
}

function spki(jwk: JsonWebKey): Bytes {
  const der = createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ type: 'spki', format: 'der' });
  return new Uint8Array(der);
}

function base64url(bytes: Bytes): string {
  return Buffer.from(bytes).toString('base64url');
}
