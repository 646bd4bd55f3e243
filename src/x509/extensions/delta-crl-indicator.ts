/** DeltaCRLIndicator (RFC 5280 5.2.4): the number of the base CRL of a delta CRL. */
import { integer } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import type { Extension } from '../model.js';

/** Critical. */
export function writeDeltaCrlIndicator(baseNumber: number): Extension {
  return { oid: OID.deltaCrlIndicator, critical: true, value: integer(baseNumber) };
}
