/**
 * Answers to the open questions of a policy, given in a file: for each kind of value or for single
 * places, whether to keep or to change it, and why.
 */

import type { Bilingual } from '../../kernel/bilingual.js';
import { isObject, type Json } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Choice, type Decision, noteOf, reasonFault } from './decision.js';
import { type Group, type Place, placeName } from './places.js';

/** `{ "keep": true, "reason": "..." }` or `{ "value": 5000, "reason": "..." }`. */
type Answer = { readonly choice: Choice; readonly reason: string };

/** By kind (`profile/renewalWindow`) or by place (`fort/hierarchy.json#/generationSuffix`). */
export type Answers = ReadonlyMap<string, Answer>;

export type AnsweredPlace = Decision & { readonly place: Place };

/** What is wrong with the answer to a question, which `about` names. */
type AnswerFault = Bilingual & { readonly about: string };

export function readAnswers(value: unknown): Result<Answers, readonly AnswerFault[]> {
  if (!isObject(value)) return err([{ about: '', ...FORM }]);
  const answers = new Map<string, Answer>();
  const faults: AnswerFault[] = [];
  for (const [about, given] of Object.entries(value)) {
    const answer = readAnswer(given);
    if (answer.ok) answers.set(about, answer.value);
    else faults.push({ about, ...answer.error });
  }
  return faults.length === 0 ? ok(answers) : err(faults);
}

const FORM: Bilingual = {
  fr: 'la forme attendue est { "keep": true, "reason": "..." } ou { "value": ..., "reason": "..." }, par question',
  en: 'the expected form is { "keep": true, "reason": "..." } or { "value": ..., "reason": "..." }, for each question',
};

function readAnswer(given: unknown): Result<Answer, Bilingual> {
  if (!isObject(given) || typeof given.reason !== 'string') return err(FORM);
  const { keep, value, reason, ...others } = given;
  if (Object.keys(others).length > 0 || (keep === undefined) === (value === undefined)) return err(FORM);
  if (keep !== undefined && keep !== true) return err(FORM);
  const fault = reasonFault(reason);
  if (fault !== null) return err(fault);
  return ok({ choice: keep === true ? { kind: 'keep' } : { kind: 'change', value: value as Json }, reason });
}

/**
 * The decisions that answer every open place. An answer about a place that is decided already is
 * accepted if it keeps the value that is there, so that a script can be run again.
 */
export function answered(
  groups: readonly Group[],
  answers: Answers,
  { day, by }: { readonly day: string; readonly by: string },
): Result<readonly AnsweredPlace[], readonly AnswerFault[]> {
  const known = new Set(groups.flatMap(({ kind, places }) => [kind, ...places.map(placeName)]));
  const faults: AnswerFault[] = [...answers.keys()]
    .filter((about) => !known.has(about))
    .map((about) => ({ about, ...UNKNOWN }));
  const decisions: AnsweredPlace[] = [];
  for (const { kind, places } of groups) {
    const isAnswered = places.some((place) => answers.has(placeName(place)) || answers.has(kind));
    if (!isAnswered && places.some(({ open }) => open)) faults.push({ about: kind, ...MISSING });
    for (const place of places) {
      const answer = answers.get(placeName(place)) ?? answers.get(kind);
      if (answer === undefined) {
        if (isAnswered && place.open) faults.push({ about: placeName(place), ...MISSING });
      } else if (place.open)
        decisions.push({ place, choice: answer.choice, note: noteOf({ day, by, reason: answer.reason }) });
      else if (answer.choice.kind === 'change' && !isSame(answer.choice.value, place.value))
        faults.push({ about: placeName(place), ...DECIDED });
    }
  }
  return faults.length === 0 ? ok(decisions) : err(faults);
}

const UNKNOWN: Bilingual = {
  fr: "il n'y a pas de telle question ; --json les liste",
  en: 'there is no such question; --json lists them',
};
const MISSING: Bilingual = { fr: 'sans réponse', en: 'has no answer' };
const DECIDED: Bilingual = {
  fr: 'est déjà décidé, avec une autre valeur',
  en: 'is decided already, with another value',
};

function isSame(one: Json, other: Json): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
