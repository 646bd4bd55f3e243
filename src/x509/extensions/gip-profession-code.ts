/**
 * gipProfessionCode: the profession by TRE_G15: 10 médecin, 21 pharmacien, 40 chirurgien-dentiste,
 * 60 infirmier.
 */
import { integer } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import type { Extension } from '../model.js';

/** Not critical. */
export function writeGipProfessionCode(code: number): Extension {
  return { oid: OID.gipProfessionCode, critical: false, value: integer(code) };
}
