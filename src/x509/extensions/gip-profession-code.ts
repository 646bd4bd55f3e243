/**
 * gipProfessionCode: the profession by TRE_G15: 10 médecin, 21 pharmacien, 40 chirurgien-dentiste,
 * 60 infirmier.
 */
import { type DerFailure, parseDer, smallInteger } from '../../asn1/der-reader.js';
import { integer } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';

/** Not critical. */
export function writeGipProfessionCode(code: number): Extension {
  return { oid: OID.gipProfessionCode, critical: false, value: integer(code) };
}

export function readGipProfessionCode(value: Bytes): Result<number, DerFailure> {
  return parseDer(value, (root) => smallInteger(root, 'gipProfessionCode'));
}
