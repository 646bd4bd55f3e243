/**
 * id-ce-noRevAvail (RFC 9608): the issuer publishes no revocation status of this certificate,
 * neither by CRL nor by OCSP.
 */
import { type DerFailure, parseDer, nullValue as readNull } from '../../asn1/der-reader.js';
import { nullValue } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';

/** Never critical, and never in the certificate of a CA (RFC 9608 section 2). */
export function writeNoRevocationAvailable(): Extension {
  return { oid: OID.noRevocationAvailable, critical: false, value: nullValue() };
}

/** The extension has no content: its presence is the statement. */
export function readNoRevocationAvailable(value: Bytes): Result<null, DerFailure> {
  return parseDer(value, (root) => {
    readNull(root, 'noRevAvail');
    return null;
  });
}
