/** The roles of the people at a ceremony, and the check that the required people are present. */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Person, Presence } from './model.js';

/** The names of the roles, in the terms that PKI ceremonies use. */
export const ROLES = {
  'master-of-ceremonies': { fr: 'maître de cérémonie', en: 'master of ceremonies' },
  officer: { fr: 'porteur de part', en: 'share holder' },
  'hsm-operator': { fr: 'opérateur du HSM', en: 'HSM operator' },
  witness: { fr: 'témoin', en: 'witness' },
  'external-witness': { fr: 'témoin externe', en: 'external witness' },
  recorder: { fr: 'secrétaire', en: 'recorder' },
} as const satisfies Record<Person['role'], Bilingual>;

export type MissingPeople = { readonly wanted: Presence; readonly present: number };

/**
 * Returns the requirements that the people present do not meet. A person counts once in a role,
 * even if the plan names that person several times.
 */
export function missingPeople(present: readonly Person[], presence: readonly Presence[]): readonly MissingPeople[] {
  return presence.flatMap((wanted) => {
    const { role, atLeast, organisation } = wanted;
    const there = present.filter(
      (person) => person.role === role && (organisation === undefined || person.organisation === organisation),
    );
    const count = new Set(there.map(({ name }) => plainName(name))).size;
    return count >= atLeast ? [] : [{ wanted, present: count }];
  });
}

export function describeMissing({ wanted, present }: MissingPeople): Bilingual {
  const { role, atLeast, organisation } = wanted;
  const { fr, en } = ROLES[role];
  const of = organisation === undefined ? '' : ` (${organisation})`;
  return {
    fr: `${fr}${of} : requis ${atLeast}, présents ${present}`,
    en: `${en}${of}: required ${atLeast}, present ${present}`,
  };
}

/**
 * Returns a name in a form that is the same for all its spellings, so that one person is not
 * counted as two: without accents, capitals and punctuation, and with single spaces. Cyrillic and
 * Greek letters become the Latin letters that they look like (Unicode technical standard 39,
 * confusables).
 */
export function plainName(name: string): string {
  const letters = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const latin = Array.from(letters, (letter) => LATIN.get(letter) ?? letter).join('');
  return latin.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

/**
 * Cyrillic and Greek letters whose capital or small form looks like that of a Latin letter, each
 * with the Latin letter at the same position.
 */
const LOOK_ALIKES = [
  ['авсеһніјкморԛѕтухԝ', 'abcehhijkmopqstyxw'],
  ['αβεζηικμνορτυχ', 'abezhikmnoptyx'],
] as const;

const LATIN = new Map(
  LOOK_ALIKES.flatMap(([letters, latin]) =>
    Array.from(letters, (letter, at) => [letter, latin[at] ?? letter] as const),
  ),
);
