/**
 * The lint's own reader of SubjectPublicKeyInfo (RFC 5280 4.1.2.7). It decodes weak keys too: rules
 * decide.
 */
import {
  bitStringOctets,
  type DerElement,
  integerOctets,
  nullValue,
  objectIdentifier,
  parseDer,
  sequence,
  TAG,
} from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { HolderKeyType } from '../../x509/model.js';

export type KeyReading =
  | {
      readonly kind: 'rsa';
      /** Content octets of the INTEGERs. */
      readonly modulus: Bytes;
      readonly exponent: Bytes;
      /** Length of the modulus. */
      readonly bits: number;
      readonly keyBits: Bytes;
    }
  | { readonly kind: 'ec'; readonly curve: string; readonly keyBits: Bytes }
  | { readonly kind: 'ed25519'; readonly keyBits: Bytes }
  /** An unknown algorithm, or parameters that do not belong to it. */
  | { readonly kind: 'unreadable'; readonly detail: string };

export function readKey(spki: Bytes): KeyReading {
  const parsed = parseDer(spki, (root): KeyReading => {
    const fields = sequence(root, 'SubjectPublicKeyInfo');
    const algorithm = sequence(fields.next(TAG.sequence, 'algorithm'), 'algorithm');
    const oid = objectIdentifier(algorithm.next(TAG.oid, 'algorithm'), 'algorithm');
    const isEc = oid === OID.ecPublicKey;
    const isEd25519 = oid === OID.ed25519;
    if (!isEc && !isEd25519 && oid !== OID.rsaEncryption) return { kind: 'unreadable', detail: `algorithm ${oid}` };
    const parameters = isEd25519 ? null : algorithm.any('parameters');
    algorithm.end();
    const keyBits = bitStringOctets(fields.next(TAG.bitString, 'subjectPublicKey'), 'subjectPublicKey');
    fields.end();
    if (parameters === null) return { kind: 'ed25519', keyBits };
    if (isEc) return { kind: 'ec', curve: objectIdentifier(parameters, 'namedCurve'), keyBits };
    nullValue(parameters, 'parameters of rsaEncryption');
    return readRsa(keyBits);
  });
  return parsed.ok ? parsed.value : { kind: 'unreadable', detail: parsed.error.rule };
}

/** RFC 8017 appendix A.1.1. */
function readRsa(keyBits: Bytes): KeyReading {
  const parsed = parseDer(keyBits, (root: DerElement): KeyReading => {
    const fields = sequence(root, 'RSAPublicKey');
    const modulus = integerOctets(fields.next(TAG.integer, 'modulus'), 'modulus');
    const exponent = integerOctets(fields.next(TAG.integer, 'publicExponent'), 'publicExponent');
    fields.end();
    return { kind: 'rsa', modulus, exponent, bits: bitLength(modulus), keyBits };
  });
  return parsed.ok ? parsed.value : { kind: 'unreadable', detail: parsed.error.rule };
}

/** The length in bits of a positive INTEGER's magnitude. */
function bitLength(content: Bytes): number {
  const [first = 0, second = 0] = content;
  return first === 0
    ? (content.length - 2) * 8 + 32 - Math.clz32(second)
    : (content.length - 1) * 8 + 32 - Math.clz32(first);
}

const CURVES: Readonly<Record<string, HolderKeyType>> = {
  [OID.p256]: 'p-256',
  [OID.p384]: 'p-384',
  [OID.p521]: 'p-521',
  [OID.brainpoolP256r1]: 'brainpool-p256r1',
  [OID.brainpoolP384r1]: 'brainpool-p384r1',
};
const RSA_SIZES: Readonly<Record<number, HolderKeyType>> = { 2048: 'rsa-2048', 3072: 'rsa-3072', 4096: 'rsa-4096' };

/** null: a type that the platform does not know. */
export function keyTypeRead(key: KeyReading): HolderKeyType | null {
  switch (key.kind) {
    case 'rsa':
      return RSA_SIZES[key.bits] ?? null;
    case 'ec':
      return CURVES[key.curve] ?? null;
    case 'ed25519':
      return 'ed25519';
    default:
      return null;
  }
}

/** Describes a key in findings. */
export function describeKey(key: KeyReading): string {
  switch (key.kind) {
    case 'rsa':
      return `RSA of ${key.bits} bits`;
    case 'ec':
      return `EC on ${CURVES[key.curve] ?? key.curve}`;
    case 'ed25519':
      return 'Ed25519';
    default:
      return key.detail;
  }
}
