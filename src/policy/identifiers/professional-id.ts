import { describeNumber, type NumberChecks, numberFault, wrongCheckDigit } from './national-numbers.js';

export type IdentifierFault = { readonly rule: string; readonly message: string };

/**
 * PS_IdNat of a professional: `8` and the RPPS number, or `0` and the ADELI number of those who
 * have no RPPS number yet.
 */
export function professionalIdFault(idNat: string, checks: NumberChecks): IdentifierFault | null {
  const type = idNat.slice(0, 1);
  const kind = type === '8' ? 'rpps' : type === '0' ? 'adeli' : null;
  const bare = numberFault('rpps', idNat, checks) === null ? `; an RPPS number takes type 8: 8${idNat}` : '';
  if (kind === null) {
    const forms = `8 and ${describeNumber('rpps')}, or 0 and ${describeNumber('adeli')}`;
    return { rule: 'id-nat-form', message: `is not the id of a professional: ${forms}${bare}` };
  }
  switch (numberFault(kind, idNat.slice(1), checks)) {
    case 'form':
      return {
        rule: 'id-nat-form',
        message: `begins with ${type}, so ${describeNumber(kind)} must follow${bare}`,
      };
    case 'key':
      return { rule: 'rpps-key', message: wrongCheckDigit(kind) };
    case null:
      return null;
  }
}
