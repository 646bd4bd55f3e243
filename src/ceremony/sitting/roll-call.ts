/**
 * Calls the roll: asks for each person of the plan whether that person is present. A ceremony
 * neither begins nor continues without the people that its plan requires. Each answer can be
 * changed until the roll call is confirmed.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { CeremonyFailure } from '../failures.js';
import type { CeremonyPlan, Person } from '../plan/model.js';
import { describeMissing, missingPeople, ROLES } from '../plan/presence.js';
import { askLine, type NoAnswer, noAnswerFailure, readYesNo, type WrongTry } from './ask.js';
import { heading, isWord, numbered, QUOTED_WORDS, type Terminal } from './terminal.js';

const ROLL_CALL = { fr: "l'appel des présents", en: 'the roll call' };

type RollPlan = Pick<CeremonyPlan, 'people' | 'presence'>;

/**
 * Returns the people present. The error says who is missing, or that the roll call was refused or
 * interrupted.
 */
export async function callRoll(
  terminal: Terminal,
  { people, presence }: RollPlan,
): Promise<Result<readonly Person[], CeremonyFailure>> {
  terminal.show(heading({ fr: 'Appel des présents', en: 'Roll call' }));
  const present = new Set<Person>();
  for (const person of people) {
    const answer = await isPresent(terminal, person);
    if (!answer.ok) return err(noAnswerFailure(answer.error, ROLL_CALL));
    if (answer.value) present.add(person);
  }
  for (;;) {
    const answered = people.filter((person) => present.has(person));
    const missing = missingPeople(answered, presence);
    terminal.show([
      ...heading({ fr: 'Appel : vérifiez', en: 'Roll call: please check' }),
      ...people.map((person, at) => numbered(at + 1, presenceOf(person, present.has(person)))),
      ...missing.map(describeMissing),
    ]);
    const answer = await checkRoll(terminal, { people, isComplete: missing.length === 0 });
    if (!answer.ok && (answer.error === 'refused' || missing.length === 0))
      return err(noAnswerFailure(answer.error, ROLL_CALL));
    if (!answer.ok) return err({ kind: 'people-missing', missing });
    if (answer.value === 'correct') return ok(answered);
    if (!present.delete(answer.value)) present.add(answer.value);
  }
}

function isPresent(terminal: Terminal, person: Person): Promise<Result<boolean, NoAnswer>> {
  const { fr, en } = ROLES[person.role];
  const who = `${person.name}, ${person.organisation}`;
  return askLine(terminal, {
    question: {
      about: 'present',
      person,
      fr: `${who} (${fr}) : présent(e) ? [oui/non]`,
      en: `Is ${who} (${en}) present? [yes/no]`,
    },
    expected: {
      fr: `${QUOTED_WORDS.yes.fr} ou ${QUOTED_WORDS.no.fr}`,
      en: `${QUOTED_WORDS.yes.en} or ${QUOTED_WORDS.no.en}`,
    },
    refusal: ROLL_CALL,
    read: readYesNo,
  });
}

function presenceOf({ name, organisation, role }: Person, isHere: boolean): Bilingual {
  const { fr, en } = ROLES[role];
  return {
    fr: `${isHere ? 'présent(e)' : 'ABSENT(E) '} ${name}, ${organisation} (${fr})`,
    en: `${isHere ? 'present' : 'ABSENT '} ${name}, ${organisation} (${en})`,
  };
}

type Roll = { readonly people: readonly Person[]; readonly isComplete: boolean };

/**
 * Asks whether the roll call is correct, or whose presence is to be changed. While people are
 * missing (`isComplete` is false), only a person can be the answer.
 */
function checkRoll(terminal: Terminal, { people, isComplete }: Roll): Promise<Result<Person | 'correct', NoAnswer>> {
  const change: Bilingual = {
    fr: "le numéro d'une personne pour corriger sa présence",
    en: 'the number of a person to correct the presence',
  };
  const yes: Bilingual = {
    fr: `${QUOTED_WORDS.yes.fr} si l'appel est exact, ou ${change.fr}`,
    en: `${QUOTED_WORDS.yes.en} if the roll call is correct, or ${change.en}`,
  };
  const expected = isComplete ? yes : change;
  return askLine<Person | 'correct'>(terminal, {
    question: { about: 'roll-call', isComplete, fr: `Tapez ${expected.fr}`, en: `Type ${expected.en}` },
    expected,
    refusal: ROLL_CALL,
    read(typed) {
      if (isComplete && isWord(typed, 'yes')) return ok('correct');
      const person = /^\d{1,3}$/.test(typed) ? people[Number(typed) - 1] : undefined;
      return person === undefined ? err(noSuchPerson(expected)) : ok(person);
    },
  });
}

function noSuchPerson(expected: Bilingual): WrongTry {
  return { kind: 'no-such-person', detail: { fr: `tapez ${expected.fr}`, en: `type ${expected.en}` } };
}
