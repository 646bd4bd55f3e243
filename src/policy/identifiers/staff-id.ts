import type { IdentifierFault } from './professional-id.js';

/**
 * PS_IdNat of staff (nomenclature TRE_G08): a type, the structure's number, a slash and an id local to the structure. The
 * two nomenclatures number the same registers differently: type of the person -> type of the structure.
 */
const STRUCTURE_TYPE_OF = new Map([
  ['1', '0'],
  ['3', '1'],
  ['4', '2'],
  ['5', '3'],
  ['6', '4'],
]);

const FORM = /^([0-9])([0-9A-Z]{9,14})\/([0-9A-Za-z]{1,32})$/;

/** `30B0057881/CPET0002` belongs to the structure `10B0057881`. */
export function staffIdFault(idNat: string, structureId: string): IdentifierFault | null {
  const match = FORM.exec(idNat);
  if (match === null)
    return { rule: 'id-nat-form', message: "is not a type, the structure's number, a slash and a local id" };
  const [, type = '', number = ''] = match;
  const structureType = STRUCTURE_TYPE_OF.get(type);
  if (structureType === undefined)
    return { rule: 'id-nat-form', message: 'does not begin with 1 ADELI, 3 FINESS, 4 SIREN, 5 SIRET or 6 RPPS' };
  if (`${structureType}${number}` !== structureId)
    return { rule: 'id-nat-structure', message: `belongs to the structure ${structureType}${number}, not to this one` };
  return null;
}
