/**
 * Writes and reads whole CRLs in memory, as ceremonies sign them. They are small: a root revokes
 * few CAs, and the first CRL of an issuing CA has no entries.
 */
import { assembleCrl, crlHeaderOf, encodeSmallCrl } from '../crl/encode.js';
import { readCrl } from '../crl/read.js';
import { type Bytes, concat } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { RevokedEntry } from '../ports/store/crls.js';
import type { Issuer } from '../x509/model.js';

export type CrlTimes = { readonly number: number; readonly thisUpdate: Instant; readonly nextUpdate: Instant };

/**
 * Encodes the TBSCertList of a full CRL (RFC 5280 5.1.2). The entries must be in ascending order of
 * their serial numbers.
 */
export function encodeRootCrl(issuer: Issuer, times: CrlTimes, entries: readonly RevokedEntry[]): Bytes {
  return encodeSmallCrl(crlHeaderOf(issuer, times), entries);
}

/** Joins a TBSCertList and its signature to a CertificateList (RFC 5280 5.1). */
export function joinRootCrl(tbs: Bytes, issuer: Issuer, signature: Bytes): Bytes {
  const { prefix, suffix } = assembleCrl(tbs.length, issuer.signatureAlgorithm, signature);
  return concat([prefix, tbs, suffix]);
}

/**
 * Reads a whole CRL with the strict parser and verifies its signature. The error is a text for
 * people.
 */
export async function readRootCrl(
  der: Bytes,
  expected: { readonly issuer: Issuer; readonly lifeMsMax: number },
): Promise<Result<CrlTimes & { readonly entries: number }, string>> {
  const read = await readCrl(chunksOf(der), expected);
  if (read.ok) return ok(read.value);
  return err(read.error.kind === 'crl-malformed' ? `${read.error.rule}: ${read.error.detail}` : read.error.detail);
}

async function* chunksOf(der: Bytes): AsyncGenerator<Bytes> {
  yield der;
}
