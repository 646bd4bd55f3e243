/** id-pkix-ocsp-nocheck (RFC 6960 4.2.2.2.1): a responder's certificate that is not checked for revocation while it lives. */
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

/** Its presence is all that it says. */
export function readOcspNoCheck(value: Bytes): Result<null, DerFailure> {
  return parseDer(value, (root) => {
    readNull(root, 'ocspNoCheck');
    return null;
  });
}
