/**
 * Asks who is present, by name. A ceremony neither begins nor continues without the people that
 * its plan requires.
 */

import { inBothLanguages } from '../../kernel/bilingual.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { CeremonyFailure } from '../failures.js';
import type { CeremonyPlan, Person } from '../plan/model.js';
import { missingFrom, ROLES } from '../plan/presence.js';
import { askYesNo, type Terminal } from './terminal.js';

export async function callRoll(
  terminal: Terminal,
  { people, presence }: Pick<CeremonyPlan, 'people' | 'presence'>,
): Promise<Result<readonly Person[], CeremonyFailure>> {
  terminal.show([inBothLanguages({ fr: 'Appel des présents', en: 'Roll call' })]);
  const present: Person[] = [];
  for (const person of people) {
    const { fr, en } = ROLES[person.role];
    const who = `${person.name}, ${person.organisation}`;
    const isPresent = await askYesNo(terminal, {
      about: 'present',
      person,
      fr: `${who} (${fr}) est-il ou elle là ? [o/n]`,
      en: `is ${who} (${en}) present? [y/n]`,
    });
    if (isPresent === null) return err({ kind: 'given-up', what: { fr: "l'appel des présents", en: 'the roll call' } });
    if (isPresent) present.push(person);
  }
  const missing = missingFrom(present, presence);
  return missing.length === 0 ? ok(present) : err({ kind: 'people-missing', missing });
}
