/** CRLNumber (RFC 5280 5.2.3). */
import { integer } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import type { Extension } from '../model.js';

/** Not critical. */
export function writeCrlNumber(number: number): Extension {
  return { oid: OID.crlNumber, critical: false, value: integer(number) };
}
