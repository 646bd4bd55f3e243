/**
 * Makes OCSP requests about one certificate, as a relying party sends them by GET (RFC 6960 A.1,
 * RFC 9919 6).
 */
import { integer, nullValue, octetString, oid, seq } from '../asn1/der-writer.js';
import { OID } from '../asn1/oids.js';
import { present } from '../kernel/assert.js';
import { type Bytes, fromHex, toBase64 } from '../kernel/bytes.js';
import { createNameAndKey } from '../lint/ocsp/cert-id.js';
import type { Issuer } from '../x509/model.js';
import { plainRequest } from './encode.js';

/**
 * Returns an OCSPRequest, DER, with a SHA-1 CertID, which is what `openssl ocsp` sends by default.
 * `serial` is in hexadecimal.
 */
export function ocspRequestFor(issuer: Issuer, serial: string): Bytes {
  const { nameHash, keyHash } = createNameAndKey(issuer);
  const number = integer(present(fromHex(serial), 'a serial number'));
  const algorithm = seq(oid(OID.sha1), nullValue());
  return plainRequest([seq(algorithm, octetString(nameHash('sha1')), octetString(keyHash('sha1')), number)]);
}

/**
 * Returns the URL of a request: the address of the responder, followed by the request in base64,
 * percent-encoded.
 */
export function ocspGetUrl(responder: string, requestDer: Bytes): string {
  return `${responder.replace(/\/$/, '')}/${encodeURIComponent(toBase64(requestDer))}`;
}
