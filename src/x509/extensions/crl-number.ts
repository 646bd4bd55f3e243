/** CRLNumber (RFC 5280 5.2.3). */
import { type DerFailure, parseDer, smallInteger } from '../../asn1/der-reader.js';
import { integer } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';

/** Not critical. */
export function writeCrlNumber(number: number): Extension {
  return { oid: OID.crlNumber, critical: false, value: integer(number) };
}

export function readCrlNumber(value: Bytes): Result<number, DerFailure> {
  return parseDer(value, (root) => smallInteger(root, 'cRLNumber'));
}
