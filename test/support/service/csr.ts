/**
 * Certification requests (RFC 2986) from node:crypto keys, written without any code of the
 * product.
 */
import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  type ECKeyPairOptions,
  type ED25519KeyPairOptions,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  type RSAKeyPairOptions,
  sign,
} from 'node:crypto';
import { tlv } from '../hsm/der.js';

export type HolderKey = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
export type CsrKeyType = keyof typeof CURVES | 'ed25519' | 'rsa-1024' | 'rsa-2048' | 'rsa-3072' | 'rsa-4096';

const CURVES = {
  'p-256': 'prime256v1',
  'p-384': 'secp384r1',
  'p-521': 'secp521r1',
  'brainpool-p256r1': 'brainpoolP256r1',
  'brainpool-p384r1': 'brainpoolP384r1',
} as const;

/** Curves that a JWK knows by name (RFC 7518 6.2.1.1), with the octets of a coordinate. */
const POINTS = {
  'p-256': { crv: 'P-256', octets: 32 },
  'p-384': { crv: 'P-384', octets: 48 },
  'p-521': { crv: 'P-521', octets: 66 },
} as const;

const DER = {
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
} as const;
type DerPair = { readonly publicKey: Buffer; readonly privateKey: Buffer };

/**
 * Taken from their octets. A KeyObject that `generateKeyPairSync` returns itself shares a lock
 * with the job that made it: Node 20 stops for ever when that job is collected while the key's
 * details or its octets are asked for (seen with thousands of keys).
 */
export function makeKey(type: CsrKeyType = 'p-256'): HolderKey {
  if (type in POINTS) return makeKeyOfPoint(type as keyof typeof POINTS);
  const { publicKey, privateKey } = generate(type);
  return {
    publicKey: createPublicKey({ key: publicKey, format: 'der', type: 'spki' }),
    privateKey: createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' }),
  };
}

/**
 * testECCP256 of RFC 9500, as printed there: EC private key (RFC 5915) on P-256. The list of
 * blocked keys has it.
 */
export function keyOfRfc9500(): HolderKey {
  const scalar = 'e6cb5bdd80aa45ae9c95e8c15476679ffec953c16851e711e743939589c64fc1';
  const der = Buffer.from(`30310201010420${scalar}a00a06082a8648ce3d030107`, 'hex');
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'sec1' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/**
 * From its numbers: a key of DER costs OpenSSL 3 seven times as much, which tries all that it
 * could be, and tests make thousands.
 */
function makeKeyOfPoint(type: keyof typeof POINTS): HolderKey {
  const { crv, octets } = POINTS[type];
  const pair = createECDH(CURVES[type]);
  // Uncompressed (SEC 1, 2.3.3): 4, x, y.
  const point = pair.generateKeys().subarray(1);
  const [x, y] = [toBase64url(point.subarray(0, octets)), toBase64url(point.subarray(octets))];
  const number = pair.getPrivateKey();
  const d = toBase64url(Buffer.concat([Buffer.alloc(octets - number.length), number]));
  const key: JsonWebKey = { kty: 'EC', crv, x, y, d };
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  return { publicKey: createPublicKey(privateKey), privateKey };
}

const toBase64url = (number: Buffer): string => number.toString('base64url');

function generate(type: CsrKeyType): DerPair {
  if (type === 'ed25519') {
    const options: ED25519KeyPairOptions<'der', 'der'> = DER;
    return generateKeyPairSync('ed25519', options);
  }
  if (type in CURVES) {
    const options: ECKeyPairOptions<'der', 'der'> = { namedCurve: CURVES[type as keyof typeof CURVES], ...DER };
    return generateKeyPairSync('ec', options);
  }
  const options: RSAKeyPairOptions<'der', 'der'> = { modulusLength: Number(type.slice('rsa-'.length)), ...DER };
  return generateKeyPairSync('rsa', options);
}

// AlgorithmIdentifiers: sha256WithRSAEncryption with NULL (RFC 4055 5), ecdsa-with-SHA256 and
// -SHA512 (RFC 5758 3.2) and Ed25519 (RFC 8410 3) without.
const RSA_SHA256 = Buffer.from('300d06092a864886f70d01010b0500', 'hex');
const ECDSA_SHA256 = Buffer.from('300a06082a8648ce3d040302', 'hex');
const ECDSA_SHA512 = Buffer.from('300a06082a8648ce3d040304', 'hex');
const ED25519 = Buffer.from('300506032b6570', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');

/** PEM. The subject is a label only: the platform composes its own. */
export function makeCsr(key: HolderKey, commonName = 'holder'): string {
  return toPem('CERTIFICATE REQUEST', csrDer(key, commonName));
}

export function csrDer({ publicKey, privateKey }: HolderKey, commonName = 'holder'): Buffer {
  const attribute = tlv(0x30, COMMON_NAME, tlv(0x0c, Buffer.from(commonName, 'utf8')));
  const subject = tlv(0x30, tlv(0x31, attribute));
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const info = tlv(0x30, tlv(0x02, Buffer.of(0)), subject, spki, Buffer.of(0xa0, 0x00));
  const { algorithm, hash } = algorithmOf(publicKey);
  return tlv(0x30, info, algorithm, tlv(0x03, Buffer.of(0), sign(hash, info, privateKey)));
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject) {
  if (asymmetricKeyType === 'ed25519') return { algorithm: ED25519, hash: null };
  if (asymmetricKeyType === 'rsa') return { algorithm: RSA_SHA256, hash: 'sha256' };
  if (asymmetricKeyDetails?.namedCurve === CURVES['p-521']) return { algorithm: ECDSA_SHA512, hash: 'sha512' };
  return { algorithm: ECDSA_SHA256, hash: 'sha256' };
}

/** A well-formed request whose signature is another key's over the same octets. */
export function csrWithWrongSignature(key: HolderKey): string {
  const stranger = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return makeCsr({ publicKey: key.publicKey, privateKey: stranger.privateKey });
}

export function toPem(label: string, der: Uint8Array): string {
  const body = Buffer.from(der)
    .toString('base64')
    .replace(/(.{64})(?=.)/g, '$1\n');
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}

/** DER of each PEM block, in order. */
export function fromPem(pem: string): readonly Buffer[] {
  const blocks = pem.matchAll(/-----BEGIN [A-Z0-9 ]+-----([A-Za-z0-9+/=\s]+)-----END [A-Z0-9 ]+-----/g);
  return [...blocks].map(([, base64 = '']) => Buffer.from(base64, 'base64'));
}
