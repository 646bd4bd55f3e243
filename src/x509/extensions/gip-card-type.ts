/** gipCardType: the card product, by TRE_G02 of the French health sector's nomenclatures. */
import { type DerFailure, parseDer, smallInteger } from '../../asn1/der-reader.js';
import { integer } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';

/** Not critical. 0 CPS, 1 CPF, 2 CDE or CPE, 3 CDA or CPA. */
export function writeGipCardType(type: number): Extension {
  return { oid: OID.gipCardType, critical: false, value: integer(type) };
}

export function readGipCardType(value: Bytes): Result<number, DerFailure> {
  return parseDer(value, (root) => smallInteger(root, 'gipCardType'));
}
