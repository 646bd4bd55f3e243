import { type Fault, fault, text } from '../../texts/text.js';
import { describeNumber, type NumberChecks, nameOfNumber, numberFault } from './national-numbers.js';

/**
 * PS_IdNat of a professional: `8` and the RPPS number, or `0` and the ADELI number of those who
 * have no RPPS number yet.
 */
export function professionalIdFault(idNat: string, checks: NumberChecks): Fault | null {
  const type = idNat.slice(0, 1);
  const kind = type === '8' ? 'rpps' : type === '0' ? 'adeli' : null;
  const hint = numberFault('rpps', idNat, checks) === null ? text('hint/rpps-type', { id: `8${idNat}` }) : '';
  if (kind === null)
    return fault('id-nat-form', { rpps: describeNumber('rpps'), adeli: describeNumber('adeli'), hint });
  switch (numberFault(kind, idNat.slice(1), checks)) {
    case 'form':
      return fault('id-nat-form/number', { type, form: describeNumber(kind), hint });
    case 'key':
      return fault('rpps-key', { register: nameOfNumber(kind) });
    case null:
      return null;
  }
}
