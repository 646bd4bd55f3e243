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

/** The authority has a P-256 key: its point is the last 65 bytes of the SubjectPublicKeyInfo. */
export function requestFor(
  { subjectDer, spki }: Pick<Issuer, 'subjectDer' | 'spki'>,
  serials: readonly Bytes[],
): Bytes {
  const digest = (bytes: Bytes): Bytes => new Uint8Array(createHash('sha256').update(bytes).digest());
  const algorithm = seq(oid(OID.sha256), nullValue());
  const hashes = [octetString(digest(subjectDer)), octetString(digest(spki.subarray(-65)))];
  return seq(seq(seq(...serials.map((serial) => seq(seq(algorithm, ...hashes, integer(serial)))))));
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
