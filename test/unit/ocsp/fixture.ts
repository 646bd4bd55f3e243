/**
 * OCSP requests that are encoded by hand, and an issuer with test keys and without a certificate.
 */
import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  bool,
  explicit,
  integer,
  nullValue,
  octetString,
  oid,
  printableString,
  seq,
  setOf,
} from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { type Bytes, fromHex } from '../../../src/kernel/bytes.js';
import { bareIssuer } from '../../support/status/bare-issuer.js';

export type TestHash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = new Uint8Array(key.publicKey.export({ format: 'der', type: 'spki' }));
/** The point of a P-256 key: the last 65 bytes of its SubjectPublicKeyInfo. */
const point = spki.subarray(-65);

export const ISSUER = bareIssuer({
  subjectDer: seq(setOf([seq(oid('2.5.4.6'), printableString('FR'))])),
  spki,
  signatureAlgorithm: 'ecdsaWithSha256',
  subjectKeyIdentifier: digest('sha1', point),
});

export function digest(hash: TestHash, bytes: Bytes): Bytes {
  return new Uint8Array(createHash(hash).update(bytes).digest());
}

export function hex(text: string): Bytes {
  return fromHex(text) ?? new Uint8Array(0);
}

export function certIdOf(serial: string, hash: TestHash = 'sha1', parameters: Bytes = nullValue()): Bytes {
  const algorithm = seq(oid(OID[hash]), parameters);
  return seq(
    algorithm,
    octetString(digest(hash, ISSUER.subjectDer)),
    octetString(digest(hash, point)),
    integer(hex(serial)),
  );
}

export function requestOf(
  certIds: readonly Bytes[],
  extensions: readonly Bytes[] = [],
  before: readonly Bytes[] = [],
): Bytes {
  const list = seq(...certIds.map((certId) => seq(certId)));
  return seq(seq(...before, list, ...(extensions.length === 0 ? [] : [explicit(2, seq(...extensions))])));
}

export function extensionOf(dotted: string, value: Bytes, critical?: boolean): Bytes {
  return critical === undefined
    ? seq(oid(dotted), octetString(value))
    : seq(oid(dotted), bool(critical), octetString(value));
}

export function nonceOf(octets: number): Bytes {
  return extensionOf(OID.ocspNonce, octetString(new Uint8Array(octets).fill(9)));
}

export const SERIAL = '0102030405060708090a0b0c0d0e0f10';
