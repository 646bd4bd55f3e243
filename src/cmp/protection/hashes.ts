/** The hash functions of MACs: those of RFC 9481 section 2 and RFC 9688, without SHA-1. */
import { createHmac } from 'node:crypto';
import { type DerElement, nullValue, objectIdentifier, sequence, TAG } from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';

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

export const HMAC_OIDS: readonly string[] = HASHES.map(({ hmac }) => hmac);

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
