import { type Bilingual, joinTexts } from '../../kernel/bilingual.js';
import { type Fault, fault, text } from '../../texts/text.js';
import { describeNumber, type NumberChecks, type NumberKind, nameOfNumber, numberFault } from './national-numbers.js';

/** Types of Struct_IdNat (nomenclature TRE_G07). 5 and 6 are deprecated since 2016. */
const TYPES = new Map<string, NumberKind>([
  ['0', 'adeli-rang'],
  ['1', 'finess'],
  ['2', 'siren'],
  ['3', 'siret'],
  ['4', 'rpps-rang'],
]);

/** `0 ADELI and rank, 1 FINESS, ...`. */
export function structureTypesInWords(): Bilingual {
  const named = (language: keyof Bilingual) =>
    [...TYPES].map(([type, kind]) => `${type} ${nameOfNumber(kind)[language]}`);
  return { fr: named('fr').join(', '), en: named('en').join(', ') };
}

/** Struct_IdNat: a type, and the structure's national number: `10B0057881`, `1760021832`. */
export function structureIdFault(id: string, checks: NumberChecks): Fault | null {
  const type = id.slice(0, 1);
  const kind = TYPES.get(type);
  if (type === '') return fault('structure-id-form/empty', { types: structureTypesInWords() });
  if (kind === undefined)
    return fault('structure-id-form/type', {
      type: JSON.stringify(type),
      types: structureTypesInWords(),
      hint: otherTypes(id, checks),
    });
  switch (numberFault(kind, id.slice(1), checks)) {
    case 'form':
      return fault('structure-id-form', { type, form: describeNumber(kind), hint: otherTypes(id, checks) });
    case 'key':
      return fault('structure-id-key', { register: nameOfNumber(kind) });
    case null:
      return null;
  }
}

/**
 * For which types the number would be valid, alone or after a wrong type: `; a FINESS number takes
 * type 1: 10B0057881`.
 */
function otherTypes(id: string, checks: NumberChecks): Bilingual {
  const found = [...TYPES].flatMap(([type, kind]) =>
    [id.slice(1), id]
      .filter((number) => numberFault(kind, number, checks) === null)
      .map((number) => text('hint/number-type', { register: nameOfNumber(kind), type, id: `${type}${number}` })),
  );
  return joinTexts(found);
}
