import {
  describeNumber,
  type NumberChecks,
  type NumberKind,
  nameOfNumber,
  numberFault,
  wrongCheckDigit,
} from './national-numbers.js';
import type { IdentifierFault } from './professional-id.js';

/** Types of Struct_IdNat (nomenclature TRE_G07). 5 and 6 are deprecated since 2016. */
const TYPES = new Map<string, NumberKind>([
  ['0', 'adeli-rang'],
  ['1', 'finess'],
  ['2', 'siren'],
  ['3', 'siret'],
  ['4', 'rpps-rang'],
]);

/** `0 ADELI and rank, 1 FINESS, ...`. */
export function structureTypesInWords(): string {
  return [...TYPES].map(([type, kind]) => `${type} ${nameOfNumber(kind)}`).join(', ');
}

/** Struct_IdNat: a type, and the structure's national number: `10B0057881`, `1760021832`. */
export function structureIdFault(id: string, checks: NumberChecks): IdentifierFault | null {
  const type = id.slice(0, 1);
  const kind = TYPES.get(type);
  if (kind === undefined) {
    const found = type === '' ? 'is empty' : `begins with ${JSON.stringify(type)}`;
    return {
      rule: 'structure-id-form',
      message: `${found}; a structure id begins with its type: ${structureTypesInWords()}${otherTypes(id, checks)}`,
    };
  }
  switch (numberFault(kind, id.slice(1), checks)) {
    case 'form': {
      const must = `begins with ${type}, so ${describeNumber(kind)} must follow`;
      return { rule: 'structure-id-form', message: `${must}${otherTypes(id, checks)}` };
    }
    case 'key':
      return { rule: 'structure-id-key', message: wrongCheckDigit(kind) };
    case null:
      return null;
  }
}

/**
 * For which types the number would be valid, alone or after a wrong type: `; a FINESS number takes
 * type 1: 10B0057881`.
 */
function otherTypes(id: string, checks: NumberChecks): string {
  const found = [...TYPES].flatMap(([type, kind]) =>
    [id.slice(1), id]
      .filter((number) => numberFault(kind, number, checks) === null)
      .map((number) => `; a ${nameOfNumber(kind)} number takes type ${type}: ${type}${number}`),
  );
  return found.join('');
}
