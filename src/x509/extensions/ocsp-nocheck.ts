/**
 * id-pkix-ocsp-nocheck (RFC 6960 4.2.2.2.1): clients do not check this responder certificate for
 * revocation.
 */
import { nullValue } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import type { Extension } from '../model.js';

/** Not critical. */
export function writeOcspNoCheck(): Extension {
  return { oid: OID.ocspNoCheck, critical: false, value: nullValue() };
}
