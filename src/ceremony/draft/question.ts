/**
 * The questions whose answers make a plan. Every answer is a text or a list of texts, typed by a
 * person or read from a file, and is checked in the same way.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import { formatInstant, parseInstant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { textFaults } from '../plan/read.js';
import { SCHEMA_PARTS } from '../plan/schema-parts.js';

/**
 * Answers by the name of their question. A single answer is a list of one, and an optional answer
 * that was left out is an empty list.
 */
export type DraftAnswers = Readonly<Record<string, readonly string[]>>;

type Choice = { readonly value: string; readonly words: Bilingual };

export type DraftQuestion = {
  readonly name: string;
  readonly words: Bilingual;
  /** The answers from which one is chosen, by number or value. Empty: the answer is free. */
  readonly choices: readonly Choice[];
  readonly isList: boolean;
  /** The answer if nothing is typed; null: there is none, so an answer is required. */
  readonly suggestion: readonly string[] | null;
  /** Checks one text, and returns the answer in its normal form. */
  readonly read: (text: string) => Result<string, Bilingual> | Promise<Result<string, Bilingual>>;
  /** Checks the whole list. null: it is right. */
  readonly listFault: (texts: readonly string[]) => Bilingual | null;
};

/** The limits of one answer, and of the lines of a list. */
const ANSWER_CHARACTERS_MAX = 2_000;
const LIST_MAX = 50;

const EMPTY = { fr: 'une réponse est nécessaire', en: 'an answer is needed' };
const TOO_LONG = {
  fr: `réponse trop longue : ${ANSWER_CHARACTERS_MAX} caractères au plus`,
  en: `the answer is too long: at most ${ANSWER_CHARACTERS_MAX} characters`,
};
const ONE = { fr: 'une seule réponse est attendue', en: 'only one answer is expected' };
const TOO_MANY = {
  fr: `liste trop longue : ${LIST_MAX} lignes au plus`,
  en: `the list is too long: at most ${LIST_MAX} lines`,
};

/** Checks the answers to one question. Without answers, the suggestion is checked and used. */
export async function readAnswerTo(
  question: DraftQuestion,
  typed: readonly string[],
): Promise<Result<readonly string[], Bilingual>> {
  const texts = typed.length === 0 ? question.suggestion : typed;
  if (texts === null) return err(EMPTY);
  if (texts.length === 0) return ok([]);
  if (!question.isList && texts.length > 1) return err(ONE);
  if (texts.length > LIST_MAX) return err(TOO_MANY);
  const read: string[] = [];
  for (const text of texts) {
    const one = await readAnswerLine(question, text);
    if (!one.ok) return one;
    read.push(one.value);
  }
  const fault = question.listFault(read);
  return fault === null ? ok(read) : err(fault);
}

/** Checks one answer, or one line of a list. */
export async function readAnswerLine(
  { choices, read }: DraftQuestion,
  text: string,
): Promise<Result<string, Bilingual>> {
  const trimmed = text.trim();
  if (trimmed.length > ANSWER_CHARACTERS_MAX) return err(TOO_LONG);
  // Invisible characters, and words with letters of several alphabets, are refused in every answer:
  // a name must be what it looks like.
  const [hidden] = textFaults(JSON.stringify(trimmed), { name: trimmed });
  if (hidden !== undefined) return err(hidden.message);
  if (choices.length === 0) return read(trimmed);
  const chosen = choices.find(({ value }, index) => value === trimmed || `${index + 1}` === trimmed);
  if (chosen !== undefined) return ok(chosen.value);
  const values = choices.map(({ value }) => value).join(', ');
  return err({ fr: `réponses possibles : ${values}`, en: `possible answers: ${values}` });
}

type QuestionName = { readonly name: string; readonly words: Bilingual };

export function choiceQuestion(
  named: QuestionName,
  choices: readonly Choice[],
  suggestion: string | null = null,
): DraftQuestion {
  return { ...single(named, suggestion, ok), choices };
}

/** Asks for a text. `isOptional`: the answer may be empty. */
export function textQuestion(
  named: QuestionName,
  {
    suggestion = null,
    isOptional = false,
  }: { readonly suggestion?: string | null; readonly isOptional?: boolean } = {},
): DraftQuestion {
  const question = single(named, suggestion, (text) => readMatching(text, SCHEMA_PARTS.text, TEXT));
  return isOptional ? { ...question, suggestion: [] } : question;
}

export function idQuestion(named: QuestionName, suggestion: string | null): DraftQuestion {
  return single(named, suggestion, (text) => readMatching(text, SCHEMA_PARTS.id, ID_FORM_TEXT));
}

/** Checks a path as in plans: relative to the home folder of the ceremony. */
export function readPath(text: string): Result<string, Bilingual> {
  return readMatching(text, SCHEMA_PARTS.path, PATH_FORM_TEXT);
}

export function numberQuestion(
  named: QuestionName,
  { from, to, suggestion }: { readonly from: number; readonly to: number; readonly suggestion: number | null },
): DraftQuestion {
  return single(named, suggestion === null ? null : `${suggestion}`, (text) =>
    /^\d{1,7}$/.test(text) && Number(text) >= from && Number(text) <= to
      ? ok(`${Number(text)}`)
      : err({ fr: `un nombre de ${from} à ${to} est attendu`, en: `a number from ${from} to ${to} is expected` }),
  );
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const INSTANT_FORM_TEXT = {
  fr: 'une date valable est attendue : un jour (2026-12-01), ou une date et une heure UTC (2026-12-01T09:00:00Z)',
  en: 'a valid date is expected: a day (2026-12-01), or a time in UTC (2026-12-01T09:00:00Z)',
};

/** Asks for a time. A day alone means its first or its last second, as `edge` says. */
export function instantQuestion(
  named: QuestionName,
  { edge, suggestion }: { readonly edge: 'first' | 'last'; readonly suggestion: string | null },
): DraftQuestion {
  return single(named, suggestion, (text) => {
    const time = edge === 'first' ? '00:00:00' : '23:59:59';
    const instant = parseInstant(DAY.test(text) ? `${text}T${time}Z` : text);
    return instant === null ? err(INSTANT_FORM_TEXT) : ok(formatInstant(instant));
  });
}

const HASH_FORM_TEXT = {
  fr: '64 chiffres hexadécimaux (SHA-256) sont attendus',
  en: '64 hexadecimal digits (SHA-256) are expected',
};

/** Asks for a SHA-256 in hexadecimal. `any`: the answer may also be `*`, for any hash. */
export function hashQuestion(
  named: QuestionName,
  { suggestion, any }: { readonly suggestion: string | null; readonly any: boolean },
): DraftQuestion {
  return single(named, suggestion ?? (any ? '*' : null), (text) => {
    const plain = text.replace(/\s/g, '').toLowerCase();
    return /^[0-9a-f]{64}$/.test(plain) || (any && plain === '*') ? ok(plain) : err(HASH_FORM_TEXT);
  });
}

export function listQuestion(
  named: QuestionName,
  rest: Pick<DraftQuestion, 'read' | 'suggestion'> & Partial<Pick<DraftQuestion, 'listFault'>>,
): DraftQuestion {
  return { ...named, choices: [], isList: true, listFault: () => null, ...rest };
}

function single(named: QuestionName, suggestion: string | null, read: DraftQuestion['read']): DraftQuestion {
  return {
    ...named,
    choices: [],
    isList: false,
    suggestion: suggestion === null ? null : [suggestion],
    read,
    listFault: () => null,
  };
}

type TextRule = { readonly pattern?: string; readonly minLength?: number; readonly maxLength?: number };

/** What the patterns of the plan schema expect, in words. */
const TEXT = { fr: 'un texte', en: 'a text' };
const ID_FORM_TEXT = {
  fr: 'de 2 à 40 caractères parmi a-z, 0-9 et -, à commencer par une lettre',
  en: '2 to 40 characters of a-z, 0-9 and -, the first one a letter',
};
const PATH_FORM_TEXT = {
  fr: 'un chemin dans le dossier de la cérémonie, avec des /, sans espace ni accent, par exemple requests/anne.cer',
  en: 'a path in the home folder of the ceremony, with /, without spaces and accents, e.g. requests/anne.cer',
};

/** Checks a text against a rule of the plan schema. `expected` is shown instead of the pattern. */
function readMatching(
  text: string,
  { pattern, minLength = 0, maxLength }: TextRule,
  expected: Bilingual,
): Result<string, Bilingual> {
  if (text.length < Math.max(minLength, 1)) return err(EMPTY);
  if (maxLength !== undefined && text.length > maxLength)
    return err({ fr: `trop long : ${maxLength} caractères au plus`, en: `too long: at most ${maxLength} characters` });
  return pattern === undefined || new RegExp(pattern, 'u').test(text) ? ok(text) : err(expected);
}
