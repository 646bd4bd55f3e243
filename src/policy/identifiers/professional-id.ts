import { type NumberChecks, numberFault } from './national-numbers.js';

export type IdentifierFault = { readonly rule: string; readonly message: string };

/** PS_IdNat of a professional: `8` and the RPPS number, or `0` and the ADELI number of those who have no other yet. */
export function professionalIdFault(idNat: string, checks: NumberChecks): IdentifierFault | null {
  const kind = idNat.startsWith('8') ? 'rpps' : idNat.startsWith('0') ? 'adeli' : null;
  if (kind === null)
    return { rule: 'id-nat-form', message: 'is neither 8 and an RPPS number nor 0 and an ADELI number' };
  switch (numberFault(kind, idNat.slice(1), checks)) {
    case 'form':
      return { rule: 'id-nat-form', message: `has no ${kind.toUpperCase()} number after its type` };
    case 'key':
      return { rule: 'rpps-key', message: 'the key of the RPPS number is wrong (Luhn)' };
    case null:
      return null;
  }
}
