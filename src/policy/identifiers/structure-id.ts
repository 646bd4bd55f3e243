import { type NumberChecks, type NumberKind, numberFault } from './national-numbers.js';
import type { IdentifierFault } from './professional-id.js';

/** Types of Struct_IdNat (nomenclature TRE_G07). 5 and 6 are deprecated since 2016. */
const TYPES = new Map<string, NumberKind>([
  ['0', 'adeli-rang'],
  ['1', 'finess'],
  ['2', 'siren'],
  ['3', 'siret'],
  ['4', 'rpps-rang'],
]);

/** Struct_IdNat: a type, and the structure's national number: `10B0057881`, `1760021832`. */
export function structureIdFault(id: string, checks: NumberChecks): IdentifierFault | null {
  const kind = TYPES.get(id.slice(0, 1));
  if (kind === undefined)
    return { rule: 'structure-id-form', message: 'does not begin with 0 ADELI, 1 FINESS, 2 SIREN, 3 SIRET or 4 RPPS' };
  switch (numberFault(kind, id.slice(1), checks)) {
    case 'form':
      return { rule: 'structure-id-form', message: `has no ${kind} number after its type` };
    case 'key':
      return { rule: 'structure-id-key', message: `the key of the ${kind} number is wrong (Luhn)` };
    case null:
      return null;
  }
}
