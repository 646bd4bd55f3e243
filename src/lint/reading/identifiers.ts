/**
 * Reads the sector's identifiers in names, independently of `src/policy`, so that one mistake is
 * not made twice. A person's IdNat begins with the type of its number (nomenclature TRE_G08), a
 * structure's with another type (TRE_G07).
 */
import type { Environment } from '../../policy/model.js';

/** Luhn check digit (ISO/IEC 7812-1 annex B) over all digits; the last one is the check digit. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, double = false; at >= 0; at -= 1, double = !double) {
    const digit = Number(digits[at]) * (double ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

/** The values of the letters of Corsica (2A, 2B) in check digits. */
const LETTERS: Readonly<Record<string, string>> = { A: '1', B: '2' };

type Identifier = {
  /** The first digit, the type of the number. */
  readonly type: string;
  /** The number after the type, up to a slash. */
  readonly number: string;
  /** What follows the slash; null: there is no slash. */
  readonly local: string | null;
};

/** `810002813839`, `30B0057881/CPET0002`, `10B0057881`; null for any other form. */
export function readIdentifier(text: string): Identifier | null {
  const match = /^([0-9])([0-9A-Z]+)(?:\/(.+))?$/.exec(text);
  if (match === null) return null;
  const [, type = '', number = '', local] = match;
  return { type, number, local: local ?? null };
}

type NumberForm = {
  readonly title: string;
  readonly form: RegExp;
  /** The form of anonymised numbers, which are allowed in the development environment only. */
  readonly test?: RegExp;
  /** The lengths of the prefixes whose last digit is a Luhn check digit. */
  readonly keyed: readonly number[];
};

const ADELI = { title: 'ADELI', form: /^(?:[0-9]{2}|2[AB])[0-9]{7}$/, test: /^0B[0-9]{7}$/, keyed: [] };
const RPPS = { title: 'RPPS', form: /^[0-9]{11}$/, keyed: [11] };
const ADELI_PRACTICE = {
  title: 'ADELI practice',
  form: /^(?:[0-9]{2}|2[AB])[0-9]{9}$/,
  test: /^0B[0-9]{9}$/,
  keyed: [],
};
const FINESS = { title: 'FINESS', form: /^(?:[0-9]{2}|2[AB])[0-9]{7}$/, test: /^0B[0-9]{7}$/, keyed: [9] };
const SIREN = { title: 'SIREN', form: /^[0-9]{9}$/, keyed: [9] };
const SIRET = { title: 'SIRET', form: /^[0-9]{14}$/, keyed: [14] };
/** The RPPS number, two digits of rank, and a check digit over all of it. */
const RPPS_PRACTICE = { title: 'RPPS practice', form: /^[0-9]{14}$/, keyed: [11, 14] };

/** TRE_G08 types of professionals in a national register. */
export const PROFESSIONAL_NUMBERS: Readonly<Record<string, NumberForm>> = { '0': ADELI, '8': RPPS };

/** TRE_G07 types of structures. */
export const STRUCTURE_NUMBERS: Readonly<Record<string, NumberForm>> = {
  '0': ADELI_PRACTICE,
  '1': FINESS,
  '2': SIREN,
  '3': SIRET,
  '4': RPPS_PRACTICE,
};

/**
 * The TRE_G07 type of the structure for each TRE_G08 type of its staff: the two nomenclatures
 * differ.
 */
export const STRUCTURE_TYPE_OF_STAFF: Readonly<Record<string, string>> = {
  '1': '0',
  '3': '1',
  '4': '2',
  '5': '3',
  '6': '4',
};

/** Why `number` does not have that form; null when it does. */
export function formFault(number: string, form: NumberForm, { mark }: Pick<Environment, 'mark'>): string | null {
  const isTest = mark === 'development' && form.test?.test(number) === true;
  return form.form.test(number) || isTest ? null : `${JSON.stringify(number)} is no ${form.title} number`;
}

/** Why a check digit of `number` is wrong; null when all are right or there is none to check. */
export function checkDigitFault(number: string, form: NumberForm): string | null {
  if (!form.form.test(number)) return null;
  const digits = [...number].map((character) => LETTERS[character] ?? character).join('');
  return form.keyed.every((length) => passesLuhn(digits.slice(0, length)))
    ? null
    : `a check digit of ${form.title} ${number} is wrong`;
}
