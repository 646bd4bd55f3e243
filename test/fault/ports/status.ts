/**
 * Reads statuses as a relying party does, from a response or a CRL, without the code that makes
 * them.
 */
import { createHash } from 'node:crypto';
import { integer, nullValue, octetString, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, fromHex } from '../../../src/kernel/bytes.js';
import type { Issuer } from '../../../src/x509/model.js';

export type AnsweredStatus = 'good' | 'revoked' | 'unknown';

export function requestFor(
  { subjectDer, spki }: Pick<Issuer, 'subjectDer' | 'spki'>,
  serials: readonly Bytes[],
): Bytes {
  const digest = (bytes: Bytes): Bytes => new Uint8Array(createHash('sha256').update(bytes).digest());
  const algorithm = seq(oid(OID.sha256), nullValue());
  const hashes = [octetString(digest(subjectDer)), octetString(digest(keyOf(spki)))];
  return seq(seq(seq(...serials.map((serial) => seq(seq(algorithm, ...hashes, integer(serial)))))));
}

/**
 * The bits of subjectPublicKey, whose digest names the key of an authority (RFC 6960 4.1.1): they
 * follow the algorithm in a BIT STRING without unused bits.
 */
function keyOf(spki: Bytes): Bytes {
  const contents = contentsAt(spki, 0).begin;
  const { begin, end } = contentsAt(spki, contentsAt(spki, contents).end);
  return spki.subarray(begin + 1, end);
}

/** Where the contents of the DER element at `at` begin and end. */
function contentsAt(der: Bytes, at: number): { readonly begin: number; readonly end: number } {
  const first = present(der[at + 1], 'a length');
  const octets = first < 0x80 ? 0 : first - 0x80;
  const begin = at + 2 + octets;
  const length = octets === 0 ? first : Buffer.from(der).readUIntBE(at + 2, octets);
  return { begin, end: begin + length };
}

/**
 * CertStatus (RFC 6960 4.2.1) follows the serial number at the end of the CertID. null: the
 * response is not about this certificate.
 */
export function statusIn(answer: Bytes, serial: Bytes): AnsweredStatus | null {
  const name = integer(serial);
  const at = Buffer.from(answer).indexOf(name);
  if (at < 0) return null;
  switch (answer[at + name.length]) {
    case 0x80:
      return 'good';
    case 0xa1:
      return 'revoked';
    default:
      return 'unknown';
  }
}

/**
 * An entry begins with its serial number (RFC 5280 5.1). Sixteen random bytes occur nowhere else.
 */
export function inCrl(list: Bytes, serial: string): boolean {
  return Buffer.from(list).includes(Buffer.from(integer(present(fromHex(serial), 'a serial number in hex'))));
}
