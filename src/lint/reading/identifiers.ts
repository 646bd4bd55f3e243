/**
 * Identifiers of the sector inside names, read anew: what the policy lets through is looked at here
 * by other code. A person's IdNat begins with the type of its number (nomenclature TRE_G08), a
 * structure's with that of its own (TRE_G07).
 */
import type { Environment } from '../../policy/model.js';

/** Luhn (ISO/IEC 7812-1 annex B) over all digits, the last being the key. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, double = false; at >= 0; at -= 1, double = !double) {
    const digit = Number(digits[at]) * (double ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

const DIGITS = /^[0-9]+$/;

export type Identifier = {
  /** First digit: the type of the number. */
  readonly type: string;
  /** What follows it, up to a slash. */
  readonly number: string;
  /** What follows the slash; null without one. */
  readonly local: string | null;
};

/** `810002813839`, `30B0057881/CPET0002`, `10B0057881`; null when it is none of these forms. */
export function readIdentifier(text: string): Identifier | null {
  const match = /^([0-9])([0-9A-Z]+)(?:\/(.+))?$/.exec(text);
  if (match === null) return null;
  const [, type = '', number = '', local] = match;
  return { type, number, local: local ?? null };
}

type NumberForm = {
  readonly title: string;
  readonly form: RegExp;
  /** What anonymised numbers look like, which exist in the development environment alone. */
  readonly test?: RegExp;
  /**
   * Lengths of the beginnings whose last digit is a Luhn key; of numbers with letters none is
   * sourced.
   */
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
/** RPPS, two digits, a key over all. */
const RPPS_PRACTICE = { title: 'RPPS practice', form: /^[0-9]{14}$/, keyed: [11, 14] };

/** TRE_G08 types of a professional known to a national register. */
export const PROFESSIONAL_NUMBERS: Readonly<Record<string, NumberForm>> = { '0': ADELI, '8': RPPS };

/** TRE_G07. */
export const STRUCTURE_NUMBERS: Readonly<Record<string, NumberForm>> = {
  '0': ADELI_PRACTICE,
  '1': FINESS,
  '2': SIREN,
  '3': SIRET,
  '4': RPPS_PRACTICE,
};

/**
 * TRE_G08 type of a person known to a structure only -> TRE_G07 type of that structure: the two
 * sets differ.
 */
export const STRUCTURE_TYPE_OF_STAFF: Readonly<Record<string, string>> = {
  '1': '0',
  '3': '1',
  '4': '2',
  '5': '3',
  '6': '4',
};

/** Why `number` is not of that form; null when it is. */
export function formFault(number: string, form: NumberForm, { mark }: Pick<Environment, 'mark'>): string | null {
  const isTest = mark === 'development' && form.test?.test(number) === true;
  return form.form.test(number) || isTest ? null : `${JSON.stringify(number)} is no ${form.title} number`;
}

/** Why a key of `number` is wrong; null when they are right or there is none to check. */
export function checkDigitFault(number: string, form: NumberForm): string | null {
  if (!DIGITS.test(number) || !form.form.test(number)) return null;
  return form.keyed.every((length) => passesLuhn(number.slice(0, length)))
    ? null
    : `a check digit of ${form.title} ${number} is wrong`;
}
