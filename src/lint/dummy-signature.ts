/**
 * Builds a certificate around to-be-signed bytes before there is a signature: the outer SEQUENCE,
 * the algorithm that the issuer's key signs with, and a BIT STRING with a fixed pattern, as long as
 * a signature of that key. It is built here byte by byte, because the lint shares nothing with the
 * DER writer.
 */
import { type Bytes, concat } from '../kernel/bytes.js';
import type { KeyType } from '../x509/model.js';

/** RFC 4055 section 5; RFC 5758 3.2. */
const SHA256_WITH_RSA = Uint8Array.from([
  0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00,
]);
const ECDSA_WITH_SHA256 = Uint8Array.from([0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]);
const ECDSA_WITH_SHA384 = Uint8Array.from([0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03]);

const FILLING = 0x5a;

/**
 * Lengths of the signatures: the modulus for RSA; a SEQUENCE of two INTEGERs of the coordinates'
 * length for ECDSA.
 */
const TAILS: Readonly<Record<KeyType, Bytes>> = {
  'rsa-2048': tail(SHA256_WITH_RSA, 256),
  'rsa-3072': tail(SHA256_WITH_RSA, 384),
  'rsa-4096': tail(SHA256_WITH_RSA, 512),
  'p-256': tail(ECDSA_WITH_SHA256, 70),
  'p-384': tail(ECDSA_WITH_SHA384, 102),
};

function tail(algorithm: Bytes, signatureOctets: number): Bytes {
  const bitString = concat([
    lengthOctets(0x03, signatureOctets + 1),
    new Uint8Array(1 + signatureOctets).fill(FILLING, 1),
  ]);
  return concat([algorithm, bitString]);
}

/** Identifier and definite length in the fewest octets, for content below 64 KiB. */
function lengthOctets(tag: number, length: number): Bytes {
  if (length < 0x80) return Uint8Array.of(tag, length);
  if (length < 0x100) return Uint8Array.of(tag, 0x81, length);
  return Uint8Array.of(tag, 0x82, length >> 8, length & 0xff);
}

export function withDummySignature(tbs: Bytes, keyType: KeyType): Bytes {
  const after = TAILS[keyType];
  const before = lengthOctets(0x30, tbs.length + after.length);
  const whole = Buffer.allocUnsafe(before.length + tbs.length + after.length);
  whole.set(before, 0);
  whole.set(tbs, before.length);
  whole.set(after, before.length + tbs.length);
  return whole;
}
