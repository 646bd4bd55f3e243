/**
 * SubjectPublicKeyInfo (RFC 5280 4.1.2.7) of the kinds that this platform knows: RSA (RFC 3279
 * 2.3.1), EC (RFC 5480, with the curves of RFC 5639 too) and Ed25519 (RFC 8410).
 */
import { createHash } from 'node:crypto';
import {
  bitStringOctets,
  type DerElement,
  type DerFailure,
  integerOctets,
  malformed,
  objectIdentifier,
  parseDer,
  sequence,
  TAG,
} from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import { present } from '../../kernel/assert.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import { type Bytes, toHex } from '../../kernel/bytes.js';
import { memoize } from '../../kernel/memoize.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Fault, fault } from '../../texts/text.js';
import { type CurveName, type HolderKeyType, KEY_TYPES, type KeyType, type PublicKeyView } from '../model.js';

type KeyMalformed = { readonly kind: 'key-malformed' } & Fault;

type PublicKeyParts = {
  /** Dotted object identifier. */
  readonly algorithm: string;
  readonly parameters: DerElement | null;
  /** Content octets of the BIT STRING. */
  readonly key: Bytes;
};

/**
 * Strict DER, so that a view has one encoding alone. Whether the key is strong is checked by
 * `checkPublicKey`; whether an EC point is on its curve is not checked here.
 */
export const readPublicKey = memoize((spki: Bytes): Result<PublicKeyView, KeyMalformed> => {
  const parts = parseDer(spki, readPublicKeyParts);
  if (!parts.ok) return refuse(fault('key-well-formed', placeOf(parts.error)));
  switch (parts.value.algorithm) {
    case OID.rsaEncryption:
      return readRsa(parts.value);
    case OID.ecPublicKey:
      return readEc(parts.value);
    case OID.ed25519:
      return readEd25519(parts.value);
    default:
      return refuse(fault('key-algorithm-known', { algorithm: parts.value.algorithm }));
  }
});

function refuse(found: Fault): Result<never, KeyMalformed> {
  return err({ kind: 'key-malformed', ...found });
}

/** The DER reader knows too many faults to translate them all: in French the octet is given. */
export function placeOf({ offset, rule }: DerFailure): { readonly octet: number; readonly why: Bilingual } {
  return { octet: offset, why: { fr: 'structure ou codage non conforme', en: rule } };
}

/** Reads the structure that all kinds of key share. For use inside `parseDer`. */
export function readPublicKeyParts(root: DerElement): PublicKeyParts {
  const fields = sequence(root, 'subjectPublicKeyInfo');
  const identifier = sequence(fields.next(TAG.sequence, 'algorithm'), 'algorithm');
  const algorithm = objectIdentifier(identifier.next(TAG.oid, 'algorithm'), 'algorithm');
  const parameters = identifier.more() ? identifier.any('parameters') : null;
  identifier.end();
  const key = bitStringOctets(fields.next(TAG.bitString, 'subjectPublicKey'), 'subjectPublicKey');
  fields.end();
  return { algorithm, parameters, key };
}

/** RFC 3279 2.3.1: NULL parameters must be present; RSAPublicKey of two positive INTEGERs. */
function readRsa({ parameters, key }: PublicKeyParts): Result<PublicKeyView, KeyMalformed> {
  if (parameters?.tag !== TAG.null || parameters.content.length !== 0)
    return refuse(fault('key-well-formed/rsa-parameters'));
  const read = parseDer(key, (root) => {
    const fields = sequence(root, 'rsaPublicKey');
    const modulus = positive(fields.next(TAG.integer, 'modulus'), 'modulus');
    const exponent = positive(fields.next(TAG.integer, 'publicExponent'), 'publicExponent');
    fields.end();
    return { modulus, exponent };
  });
  if (!read.ok) return refuse(fault('key-well-formed/rsa', placeOf(read.error)));
  const { modulus, exponent } = read.value;
  return ok({ kind: 'rsa', modulus, exponent, bits: modulus.toString(2).length });
}

function positive(element: DerElement, what: string): bigint {
  const octets = integerOctets(element, what);
  const value = present(octets[0], 'first octet') >= 0x80 ? 0n : BigInt(`0x${toHex(octets)}`);
  return value > 0n ? value : malformed(element, `${what}: not positive`);
}

const CURVES = new Map<string, { readonly curve: CurveName; readonly coordinateOctets: number }>([
  [OID.p256, { curve: 'p-256', coordinateOctets: 32 }],
  [OID.p384, { curve: 'p-384', coordinateOctets: 48 }],
  [OID.p521, { curve: 'p-521', coordinateOctets: 66 }],
  [OID.brainpoolP256r1, { curve: 'brainpool-p256r1', coordinateOctets: 32 }],
  [OID.brainpoolP384r1, { curve: 'brainpool-p384r1', coordinateOctets: 48 }],
]);

/** RFC 5480 2.1.1: namedCurve and nothing else; 2.2: the point uncompressed. */
function readEc({ parameters, key }: PublicKeyParts): Result<PublicKeyView, KeyMalformed> {
  if (parameters?.tag !== TAG.oid) return refuse(fault('key-curve-named'));
  const name = parseDer(parameters.whole, (root) => objectIdentifier(root, 'namedCurve'));
  if (!name.ok) return refuse(fault('key-well-formed', placeOf(name.error)));
  const known = CURVES.get(name.value);
  if (known === undefined) return refuse(fault('key-algorithm-known/curve', { curve: name.value }));
  if (key[0] !== 0x04) return refuse(fault('key-point-uncompressed'));
  if (key.length !== 1 + 2 * known.coordinateOctets)
    return refuse(fault('key-well-formed/point', { octets: key.length, curve: known.curve }));
  return ok({ kind: 'ec', curve: known.curve, point: key });
}

const ED25519_OCTETS = 32;

/**
 * RFC 8410 section 3: the parameters are absent; section 4: the key is the octets of the BIT
 * STRING.
 */
function readEd25519({ parameters, key }: PublicKeyParts): Result<PublicKeyView, KeyMalformed> {
  if (parameters !== null) return refuse(fault('key-well-formed/ed25519-parameters'));
  if (key.length !== ED25519_OCTETS)
    return refuse(fault('key-well-formed/ed25519-octets', { expected: ED25519_OCTETS, octets: key.length }));
  return ok({ kind: 'ed25519', key });
}

/** The type of a key that signs certificates, CRLs or OCSP responses; null for every other key. */
export function keyTypeOf(view: PublicKeyView): KeyType | null {
  const type = holderKeyTypeOf(view);
  return KEY_TYPES.find((one) => one === type) ?? null;
}

/** null for keys of a size that no profile can allow. */
export function holderKeyTypeOf(view: PublicKeyView): HolderKeyType | null {
  if (view.kind === 'ed25519') return 'ed25519';
  if (view.kind === 'ec') return view.curve;
  switch (view.bits) {
    case 2048:
      return 'rsa-2048';
    case 3072:
      return 'rsa-3072';
    case 4096:
      return 'rsa-4096';
    default:
      return null;
  }
}

/**
 * SHA-1 over the content of the BIT STRING without its count of unused bits (RFC 5280 4.2.1.2
 * method 1). SHA-1 only makes a name here and protects nothing. `spki` has been read before.
 */
export function subjectKeyIdentifier(spki: Bytes): Bytes {
  const parts = parseDer(spki, readPublicKeyParts);
  const { key } = present(parts.ok ? parts.value : null, 'key of a SubjectPublicKeyInfo');
  return new Uint8Array(createHash('sha1').update(key).digest());
}
