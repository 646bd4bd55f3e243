/**
 * KMAC without key derivation (RFC 9481 6.2.3, RFC 8702 3.4; NIST SP 800-185 section 4). OpenSSL
 * has it, but node:crypto does not offer it.
 */

import { createHmac } from 'node:crypto';
import { type IKMAC, kmac128, kmac256 } from '@noble/hashes/sha3-addons.js';
import {
  type DerElement,
  nullValue,
  objectIdentifier,
  octetString,
  parseDer,
  sequence,
  smallInteger,
  TAG,
} from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { MacScheme } from './mac.js';

/** The hash functions of MACs: those of RFC 9481 section 2 and RFC 9688, without SHA-1. */

export type MacHash = {
  /** As node:crypto names it. */
  readonly name: string;
  /** Length of its output. */
  readonly octets: number;
};

type HashRow = MacHash & { readonly hash: string; readonly hmac: string };

const HASHES: readonly HashRow[] = [
  { name: 'sha224', octets: 28, hash: OID.sha224, hmac: OID.hmacWithSha224 },
  { name: 'sha256', octets: 32, hash: OID.sha256, hmac: OID.hmacWithSha256 },
  { name: 'sha384', octets: 48, hash: OID.sha384, hmac: OID.hmacWithSha384 },
  { name: 'sha512', octets: 64, hash: OID.sha512, hmac: OID.hmacWithSha512 },
  { name: 'sha3-224', octets: 28, hash: OID.sha3With224, hmac: OID.hmacWithSha3With224 },
  { name: 'sha3-256', octets: 32, hash: OID.sha3With256, hmac: OID.hmacWithSha3With256 },
  { name: 'sha3-384', octets: 48, hash: OID.sha3With384, hmac: OID.hmacWithSha3With384 },
  { name: 'sha3-512', octets: 64, hash: OID.sha3With512, hmac: OID.hmacWithSha3With512 },
];

const SHA_1: readonly string[] = [OID.sha1, OID.hmacWithSha1, OID.hmacSha1OfCmp];

const HMAC_OIDS: readonly string[] = HASHES.map(({ hmac }) => hmac);

/** OpenSSL's default MAC is HMAC with SHA-1, also where `-digest` names another hash. */
export const NO_SHA_1 = 'SHA-1 is not accepted; with OpenSSL: -mac hmacWithSHA256';

/**
 * The AlgorithmIdentifier of a hash or of an HMAC, with parameters absent or NULL. For use inside
 * `parseDer`.
 */
export function readMacHash(element: DerElement, kind: 'hash' | 'hmac', what: string): Result<MacHash, string> {
  const fields = sequence(element, what);
  const oid = objectIdentifier(fields.next(TAG.oid, what), what);
  const parameters = fields.more() ? fields.any(what) : null;
  fields.end();
  const found = HASHES.find((row) => row[kind] === oid);
  if (found === undefined) return err(`${what}: ${SHA_1.includes(oid) ? NO_SHA_1 : `${oid} is not accepted`}`);
  if (parameters !== null) nullValue(parameters, what);
  return ok(found);
}

/** HMAC (RFC 2104) over the data. */
export function hmac({ name }: MacHash, key: Bytes, data: Bytes): Bytes {
  return new Uint8Array(createHmac(name, key).update(data).digest());
}

/**
 * HMAC without key derivation (RFC 9481 6.2.1, RFC 9688). It is safe here, because a secret has 160
 * random bits.
 */

export const HMAC: MacScheme = {
  // Those with SHA-1 are read too, so that the refusal names the hash.
  oids: [...HMAC_OIDS, OID.hmacWithSha1, OID.hmacSha1OfCmp],
  read: ({ der }) => {
    const read = parseDer(der, (root) => readMacHash(root, 'hmac', 'protectionAlg'));
    if (!read.ok) return err(`HMAC: ${read.error.rule}`);
    const hash = read.value;
    if (!hash.ok) return hash;
    return ok({ hashes: [hash.value.name], derivation: null, compute: (key, data) => hmac(hash.value, key, data) });
  },
};

type KmacRow = { readonly kmac: IKMAC; readonly bitsByDefault: number };

const KMACS: ReadonlyMap<string, KmacRow> = new Map([
  [OID.kmacWithShake128, { kmac: kmac128, bitsByDefault: 256 }],
  [OID.kmacWithShake256, { kmac: kmac256, bitsByDefault: 512 }],
]);

const OUTPUT_BITS_MIN = 256;
const OUTPUT_BITS_MAX = 512;
const CUSTOMIZATION_OCTETS_MAX = 64;

export const KMAC: MacScheme = {
  oids: [...KMACS.keys()],
  read: ({ oid, parameters }) => {
    const row = KMACS.get(oid);
    if (row === undefined) return err(`${oid} is no KMAC`);
    const read = parameters === null ? ok(NO_PARAMETERS) : readParameters(parameters);
    if (!read.ok) return read;
    const { bits = row.bitsByDefault, customization: personalization } = read.value;
    if (bits < OUTPUT_BITS_MIN || bits > OUTPUT_BITS_MAX || bits % 8 !== 0)
      return err(`kMACOutputLength must be ${OUTPUT_BITS_MIN} to ${OUTPUT_BITS_MAX} bits in whole octets, not ${bits}`);
    if (personalization.length > CUSTOMIZATION_OCTETS_MAX)
      return err(`customizationString must have at most ${CUSTOMIZATION_OCTETS_MAX} octets`);
    const options = { dkLen: bits / 8, personalization };
    return ok({ hashes: [], derivation: null, compute: (key, data) => row.kmac(key, data, options) });
  },
};

type KmacParameters = {
  /** Left out: the default of the algorithm. */
  readonly bits?: number;
  readonly customization: Bytes;
};

const NO_PARAMETERS: KmacParameters = { customization: new Uint8Array() };

/** SEQUENCE { kMACOutputLength INTEGER, customizationString OCTET STRING }, each with a default. */
function readParameters(parameters: Bytes): Result<KmacParameters, string> {
  const read = parseDer(parameters, (root) => {
    const fields = sequence(root, 'KMAC-params');
    const length = fields.optional(TAG.integer);
    const text = fields.optional(TAG.octetString);
    fields.end();
    const customization = text === null ? new Uint8Array() : octetString(text, 'customizationString');
    return length === null ? { customization } : { bits: smallInteger(length, 'kMACOutputLength'), customization };
  });
  return read.ok ? read : err(`KMAC: ${read.error.rule}`);
}
