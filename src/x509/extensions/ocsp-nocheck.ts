/**
 * id-pkix-ocsp-nocheck (RFC 6960 4.2.2.2.1): clients do not check this responder certificate for
 * revocation.
 */
import { type DerFailure, parseDer, nullValue as readNull } from '../../asn1/der-reader.js';
import { nullValue } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';

/** Not critical. */
export function writeOcspNoCheck(): Extension {
  return { oid: OID.ocspNoCheck, critical: false, value: nullValue() };
}

/** The extension has no content: its presence is the statement. */
export function readOcspNoCheck(value: Bytes): Result<null, DerFailure> {
  return parseDer(value, (root) => {
    readNull(root, 'ocspNoCheck');
    return null;
  });
}
