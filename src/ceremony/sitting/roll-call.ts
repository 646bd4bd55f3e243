/** Who is in the room, asked by name, and whether those are enough: a ceremony neither begins nor goes on without them. */
import { err, ok, type Result } from '../../kernel/result.js';
import { type Bilingual, both } from '../bilingual.js';
import type { CeremonyFailure } from '../failures.js';
import type { CeremonyPlan, Person, Presence } from '../plan/model.js';
import { plainName } from '../quorum/plain-name.js';
import { askYesNo, type Terminal } from './terminal.js';

/** Roles in the words of the field. */
export const ROLES = {
  'master-of-ceremonies': { fr: 'maître de cérémonie', en: 'master of ceremonies' },
  officer: { fr: 'porteur de secret', en: 'officer' },
  'hsm-operator': { fr: 'opérateur du HSM', en: 'HSM operator' },
  witness: { fr: 'témoin', en: 'witness' },
  'external-witness': { fr: 'témoin externe', en: 'external witness' },
  recorder: { fr: 'secrétaire', en: 'recorder' },
} as const satisfies Record<Person['role'], Bilingual>;

export async function callRoll(
  terminal: Terminal,
  { people, presence }: Pick<CeremonyPlan, 'people' | 'presence'>,
): Promise<Result<readonly Person[], CeremonyFailure>> {
  terminal.show([both({ fr: 'Appel des présents', en: 'Roll call' })]);
  const present: Person[] = [];
  for (const person of people) {
    const { fr, en } = ROLES[person.role];
    const who = `${person.name}, ${person.organisation}`;
    const isPresent = await askYesNo(terminal, {
      about: 'present',
      person,
      fr: `${who} (${fr}) est-il ou elle là ? [o/n]`,
      en: `is ${who} (${en}) here? [y/n]`,
    });
    if (isPresent === null) return err({ kind: 'given-up', what: { fr: "l'appel des présents", en: 'the roll call' } });
    if (isPresent) present.push(person);
  }
  const missing = missingFrom(present, presence);
  return missing.length === 0 ? ok(present) : err({ kind: 'people-missing', missing });
}

export type Missing = { readonly wanted: Presence; readonly present: number };

/** A person counts once in a role, however often the plan names them. */
export function missingFrom(present: readonly Person[], presence: readonly Presence[]): readonly Missing[] {
  return presence.flatMap((wanted) => {
    const { role, atLeast, organisation } = wanted;
    const there = present.filter(
      (person) => person.role === role && (organisation === undefined || person.organisation === organisation),
    );
    const count = new Set(there.map(({ name }) => plainName(name))).size;
    return count >= atLeast ? [] : [{ wanted, present: count }];
  });
}

export function missingWords({ wanted, present }: Missing): Bilingual {
  const { role, atLeast, organisation } = wanted;
  const { fr, en } = ROLES[role];
  const [de, of] = organisation === undefined ? ['', ''] : [` de ${organisation}`, ` of ${organisation}`];
  return {
    fr: `il faut ${atLeast} ${fr}${de}, ${present} présent(s)`,
    en: `${atLeast} ${en}${of} needed, ${present} present`,
  };
}
