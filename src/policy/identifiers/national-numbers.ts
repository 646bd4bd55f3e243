/**
 * National numbers of practitioners and structures: their forms and check digits. Test numbers
 * (`0B...` instead of a department) are allowed in the development environment only.
 */
import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { luhnHolds } from './luhn.js';

export type NumberChecks = {
  /** Whether Luhn check digits are checked. */
  readonly luhnChecked: boolean;
  readonly testNumbers: boolean;
  /** The numbers of the departments: `75`, `2A`, `974`. FINESS numbers begin with the first two. */
  readonly departments: readonly string[];
};

type NumberFault = 'form' | 'key';
export type NumberKind = 'rpps' | 'adeli' | 'finess' | 'siren' | 'siret' | 'rpps-rang' | 'adeli-rang';

/** A department (2A and 2B for Corsica) and seven digits. */
const WITH_DEPARTMENT = '(?:[0-9]{2}|2[AB])[0-9]{7}';

type NumberForm = {
  /** The common name of the register. */
  readonly name: Bilingual;
  /** The form in words. */
  readonly words: Bilingual;
  readonly form: RegExp;
  readonly test?: RegExp;
  /** Whether it begins with the first two characters of a department's number. */
  readonly ofDepartment?: boolean;
  /** The lengths of the prefixes that end in a Luhn check digit. */
  readonly keyed: readonly number[];
};

function digits(count: number): Bilingual {
  return { fr: `${count} chiffres`, en: `${count} digits` };
}

function departmentAnd(count: number): Bilingual {
  return { fr: `un département et ${count} chiffres`, en: `a department and ${count} digits` };
}

const KINDS: Readonly<Record<NumberKind, NumberForm>> = {
  /** Ten digits and a Luhn check digit. */
  rpps: { name: untranslated('RPPS'), words: digits(11), form: /^[0-9]{11}$/, keyed: [11] },
  /** No check digit is documented. */
  adeli: {
    name: untranslated('ADELI'),
    words: departmentAnd(7),
    form: new RegExp(`^${WITH_DEPARTMENT}$`),
    test: /^0B[0-9]{7}$/,
    keyed: [],
  },
  /**
   * The first two characters are those of the department (97 and 98 overseas), the ninth is a Luhn
   * check digit.
   */
  finess: {
    name: untranslated('FINESS'),
    words: departmentAnd(7),
    form: new RegExp(`^${WITH_DEPARTMENT}$`),
    test: /^0B[0-9]{7}$/,
    ofDepartment: true,
    keyed: [9],
  },
  siren: { name: untranslated('SIREN'), words: digits(9), form: /^[0-9]{9}$/, keyed: [9] },
  siret: { name: untranslated('SIRET'), words: digits(14), form: /^[0-9]{14}$/, keyed: [14] },
  /** A practice: the RPPS number, two digits of rank, and a Luhn check digit over all of it. */
  'rpps-rang': {
    name: { fr: 'RPPS et rang', en: 'RPPS and rank' },
    words: digits(14),
    form: /^[0-9]{14}$/,
    keyed: [11, 14],
  },
  /** A practice: the ADELI number and two digits of rank. */
  'adeli-rang': {
    name: { fr: 'ADELI et rang', en: 'ADELI and rank' },
    words: departmentAnd(9),
    form: new RegExp(`^${WITH_DEPARTMENT}[0-9]{2}$`),
    test: /^0B[0-9]{9}$/,
    keyed: [],
  },
};

/** `FINESS`; `ADELI and rank` for a practice. */
export function nameOfNumber(kind: NumberKind): Bilingual {
  return KINDS[kind].name;
}

/** `14 digits (SIRET)`. */
export function describeNumber(kind: NumberKind): Bilingual {
  const { words, name } = KINDS[kind];
  return { fr: `${words.fr} (${name.fr})`, en: `${words.en} (${name.en})` };
}

/** null: the number is well-formed, and its check digits are right where they are checked. */
export function numberFault(kind: NumberKind, text: string, checks: NumberChecks): NumberFault | null {
  const { form, test, keyed, ofDepartment } = KINDS[kind];
  if (test?.test(text) === true) return checks.testNumbers ? null : 'form';
  if (!form.test(text)) return 'form';
  if (ofDepartment === true && !checks.departments.some((code) => text.startsWith(code.slice(0, 2)))) return 'form';
  if (!checks.luhnChecked) return null;
  const inDecimal = inDigits(text);
  return keyed.every((length) => luhnHolds(inDecimal.slice(0, length))) ? null : 'key';
}

/**
 * In the check digits of FINESS numbers of Corsica the A of 2A counts as 1 and the B of 2B as 2: so
 * do all Corsican numbers that the ministerial order of 4 March 2015 (AFSH1506177A) publishes.
 */
function inDigits(text: string): string {
  return text.replace('A', '1').replace('B', '2');
}
