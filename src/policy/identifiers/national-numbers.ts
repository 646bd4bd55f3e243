/**
 * National numbers of practitioners and structures: their forms and keys. Test numbers (`0B...`
 * where a department stands) exist in the development environment alone.
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

type NumberForm = {
  /** The register, as people call it. */
  readonly name: string;
  /** The form in words. */
  readonly words: string;
  readonly form: RegExp;
  readonly test?: RegExp;
  /** How many of the first characters a Luhn key ends. */
  readonly keyed: readonly number[];
};

const KINDS: Readonly<Record<NumberKind, NumberForm>> = {
  /** Ten digits of order and a Luhn key. */
  rpps: { name: 'RPPS', words: '11 digits', form: /^[0-9]{11}$/, keyed: [11] },
  /** No key is known. */
  adeli: {
    name: 'ADELI',
    words: 'a department and 7 digits',
    form: new RegExp(`^${WITH_DEPARTMENT}$`),
    test: /^0B[0-9]{7}$/,
    keyed: [],
  },
  /**
   * The ninth character is a Luhn key; how letters count in it is not known, so those are not
   * checked.
   */
  finess: {
    name: 'FINESS',
    words: 'a department and 7 digits',
    form: new RegExp(`^${WITH_DEPARTMENT}$`),
    test: /^0B[0-9]{7}$/,
    keyed: [9],
  },
  siren: { name: 'SIREN', words: '9 digits', form: /^[0-9]{9}$/, keyed: [9] },
  siret: { name: 'SIRET', words: '14 digits', form: /^[0-9]{14}$/, keyed: [14] },
  /** A practice: RPPS, two digits of rank, a Luhn key over all. */
  'rpps-rang': {
    name: 'RPPS and rank',
    words: '14 digits',
    form: /^[0-9]{14}$/,
    keyed: [11, 14],
  },
  /** A practice: ADELI, two digits of rank. */
  'adeli-rang': {
    name: 'ADELI and rank',
    words: 'a department and 9 digits',
    form: new RegExp(`^${WITH_DEPARTMENT}[0-9]{2}$`),
    test: /^0B[0-9]{9}$/,
    keyed: [],
  },
};

/** `FINESS`; `ADELI and rank` of a practice. */
export function nameOfNumber(kind: NumberKind): string {
  return KINDS[kind].name;
}

/** `14 digits (SIRET)`. */
export function describeNumber(kind: NumberKind): string {
  return `${KINDS[kind].words} (${KINDS[kind].name})`;
}

/** null: the number is well-formed, and its keys hold where they are checked. */
export function numberFault(kind: NumberKind, text: string, checks: NumberChecks): NumberFault | null {
  const { form, test, keyed } = KINDS[kind];
  const isTest = test?.test(text) === true;
  if (!form.test(text) && !(isTest && checks.testNumbers)) return 'form';
  if (!checks.luhnChecked || /[A-Z]/.test(text)) return null;
  return keyed.every((length) => luhnHolds(text.slice(0, length))) ? null : 'key';
}
