/**
 * Answers to the open questions of a policy, given in a file: for each question or for single
 * members, whether to keep or to change the value, and why.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import { isObject, type Json } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Choice, type Decision, noteOf, reasonFault } from './decision.js';
import { memberName, type PolicyMember, type Question } from './questions.js';

/** `{ "keep": true, "reason": "..." }` or `{ "value": 5000, "reason": "..." }`. */
type Answer = { readonly choice: Choice; readonly reason: string };

/** By question (`profile/renewalWindow`) or member (`fort/hierarchy.json#/generationSuffix`). */
type Answers = ReadonlyMap<string, Answer>;

export type MemberDecision = Decision & { readonly member: PolicyMember };

/** A fault of the answer to `about`, which is a question or a member. */
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
  fr: 'chaque réponse est de la forme { "keep": true, "reason": "..." } ou { "value": ..., "reason": "..." }',
  en: 'each answer has the form { "keep": true, "reason": "..." } or { "value": ..., "reason": "..." }',
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
 * Returns the decisions that answer every open question. An answer about a member that is decided
 * already is accepted if it keeps the value that is there, so that a script can be run again.
 */
export function decideByAnswers(
  questions: readonly Question[],
  answers: Answers,
  said: { readonly at: string; readonly by: string },
): Result<readonly MemberDecision[], readonly AnswerFault[]> {
  const known = new Set(questions.flatMap(({ name, members }) => [name, ...members.map(memberName)]));
  const faults: AnswerFault[] = [...answers.keys()]
    .filter((about) => !known.has(about))
    .map((about) => ({ about, ...UNKNOWN }));
  const decisions: MemberDecision[] = [];
  for (const { name, members } of questions) {
    const isAnswered = members.some((member) => answers.has(memberName(member)) || answers.has(name));
    if (!isAnswered && members.some(({ open }) => open)) faults.push({ about: name, ...MISSING });
    for (const member of members) {
      const answer = answers.get(memberName(member)) ?? answers.get(name);
      if (answer === undefined) {
        if (isAnswered && member.open) faults.push({ about: memberName(member), ...MISSING });
      } else if (member.open)
        decisions.push({ member, choice: answer.choice, note: noteOf({ ...said, reason: answer.reason }) });
      else if (answer.choice.kind === 'change' && !isSame(answer.choice.value, member.value))
        faults.push({ about: memberName(member), ...DECIDED });
    }
  }
  return faults.length === 0 ? ok(decisions) : err(faults);
}

const UNKNOWN: Bilingual = {
  fr: "cette question n'existe pas ; --json liste les questions",
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
