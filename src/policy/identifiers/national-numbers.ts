/**
 * National numbers of practitioners and structures: their forms and keys. Test numbers (`0B...` where a department stands)
 * exist in the development environment alone.
 */
import { luhnHolds } from './luhn.js';

export type NumberChecks = {
  /** Whether Luhn keys are checked. */
  readonly luhnChecked: boolean;
  readonly testNumbers: boolean;
};

export type NumberFault = 'form' | 'key';
export type NumberKind = 'rpps' | 'adeli' | 'finess' | 'siren' | 'siret' | 'rpps-rang' | 'adeli-rang';

/** Department (2A and 2B for Corsica) and seven digits. */
const WITH_DEPARTMENT = '(?:[0-9]{2}|2[AB])[0-9]{7}';

const KINDS: Readonly<
  Record<NumberKind, { readonly form: RegExp; readonly test?: RegExp; readonly keyed: readonly number[] }>
> = {
  /** Ten digits of order and a Luhn key. */
  rpps: { form: /^[0-9]{11}$/, keyed: [11] },
  /** No key is known. */
  adeli: { form: new RegExp(`^${WITH_DEPARTMENT}$`), test: /^0B[0-9]{7}$/, keyed: [] },
  /** The ninth character is a Luhn key; how letters count in it is not known, so those are not checked. */
  finess: { form: new RegExp(`^${WITH_DEPARTMENT}$`), test: /^0B[0-9]{7}$/, keyed: [9] },
  siren: { form: /^[0-9]{9}$/, keyed: [9] },
  siret: { form: /^[0-9]{14}$/, keyed: [14] },
  /** A practice: RPPS, two digits of rank, a Luhn key over all. */
  'rpps-rang': { form: /^[0-9]{14}$/, keyed: [11, 14] },
  /** A practice: ADELI, two digits of rank. */
  'adeli-rang': { form: new RegExp(`^${WITH_DEPARTMENT}[0-9]{2}$`), test: /^0B[0-9]{9}$/, keyed: [] },
};

/** null: the number is well-formed, and its keys hold where they are checked. */
export function numberFault(kind: NumberKind, text: string, checks: NumberChecks): NumberFault | null {
  const { form, test, keyed } = KINDS[kind];
  const isTest = test?.test(text) === true;
  if (!form.test(text) && !(isTest && checks.testNumbers)) return 'form';
  if (!checks.luhnChecked || /[A-Z]/.test(text)) return null;
  return keyed.every((length) => luhnHolds(text.slice(0, length))) ? null : 'key';
}
