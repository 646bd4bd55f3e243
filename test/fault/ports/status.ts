/** Statuses from a relying party's side, without the code that tells them: of one certificate in an answer, or on a list. */
import { createHash } from 'node:crypto';
import { integer, nullValue, octetString, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, fromHex } from '../../../src/kernel/bytes.js';
import type { Issuer } from '../../../src/x509/model.js';

export type AnsweredStatus = 'good' | 'revoked' | 'unknown';

/** Of a P-256 authority: its point is the last 65 octets of its SubjectPublicKeyInfo. */
export function requestFor(
  { subjectDer, spki }: Pick<Issuer, 'subjectDer' | 'spki'>,
  serials: readonly Bytes[],
): Bytes {
  const digest = (bytes: Bytes): Bytes => new Uint8Array(createHash('sha256').update(bytes).digest());
  const algorithm = seq(oid(OID.sha256), nullValue());
  const hashes = [octetString(digest(subjectDer)), octetString(digest(spki.subarray(-65)))];
  return seq(seq(seq(...serials.map((serial) => seq(seq(algorithm, ...hashes, integer(serial)))))));
}

/** CertStatus (RFC 6960 4.2.1) is what follows the serial number that ends the CertID; null: not about this one. */
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

/** An entry begins with its serial number (RFC 5280 5.1); sixteen random octets stand nowhere else. */
export function inCrl(list: Bytes, serial: string): boolean {
  return Buffer.from(list).includes(Buffer.from(integer(present(fromHex(serial), 'a serial number in hex'))));
}
