import type { Bilingual } from '../../kernel/bilingual.js';
import { type Fault, fault, text } from '../../texts/text.js';

/**
 * PS_IdNat of staff (nomenclature TRE_G08): a type, the structure's number, a slash and an id local
 * to the structure. The nomenclatures of persons and of structures number the same registers
 * differently; this table maps one type to the other.
 */
const PAIRS: readonly { readonly type: string; readonly structureType: string; readonly register: string }[] = [
  { type: '1', structureType: '0', register: 'ADELI' },
  { type: '3', structureType: '1', register: 'FINESS' },
  { type: '4', structureType: '2', register: 'SIREN' },
  { type: '5', structureType: '3', register: 'SIRET' },
  { type: '6', structureType: '4', register: 'RPPS' },
];

/**
 * `1 → 0 ADELI, 3 → 1 FINESS, ...`: the first character of a staff id, then that of the structure's
 * id.
 */
export function staffTypesInWords(): string {
  return PAIRS.map(({ type, structureType, register }) => `${type} → ${structureType} ${register}`).join(', ');
}

const FORM = /^([0-9])([0-9A-Z]{9,14})\/([0-9A-Za-z]{1,32})$/;

/** `30B0057881/CPET0002` belongs to the structure `10B0057881`. */
export function staffIdFault(idNat: string, structureId: string): Fault | null {
  const match = FORM.exec(idNat);
  if (match === null) return fault('id-nat-form/staff');
  const [, type = '', number = ''] = match;
  const pair = PAIRS.find((one) => one.type === type);
  if (pair === undefined) {
    const types = PAIRS.map((one) => `${one.type} ${one.register}`).join(', ');
    return fault('id-nat-form/staff-type', { type, types, hint: prefixFor(structureId) });
  }
  const belongsTo = `${pair.structureType}${number}`;
  if (belongsTo === structureId) return null;
  return fault('id-nat-structure', { belongsTo, structure: structureId, hint: prefixFor(structureId) });
}

/**
 * How the ids of a structure's staff begin; empty where the structure's id itself is wrong, which
 * is reported elsewhere.
 */
function prefixFor(structureId: string): Bilingual | '' {
  const pair = PAIRS.find((one) => one.structureType === structureId.slice(0, 1));
  return pair === undefined ? '' : text('hint/staff-prefix', { prefix: `${pair.type}${structureId.slice(1)}/` });
}
