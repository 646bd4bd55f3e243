/** Roles and scopes of accounts in words, and as fields of forms. */
import { isRole, ROLES, type Role } from '../../../access/roles.js';
import { type Bilingual, joinTexts, untranslated } from '../../../kernel/bilingual.js';
import type { Account, AccountScope } from '../../../ports/store/accounts.js';
import type { Field, Input } from '../../fields.js';
import { ACCOUNT_WORDS, ROLE_LABELS, SCOPE_WORDS } from '../../words/accounts.js';

export const SCOPE_LISTS = [
  'profiles',
  'structures',
  'domains',
  'holders',
] as const satisfies readonly (keyof AccountScope)[];
const ROLE_NAMES = Object.keys(ROLES) as readonly Role[];

export function rolesText(roles: readonly string[]): Bilingual {
  return joinTexts(
    roles.map((role) => (isRole(role) ? ROLE_LABELS[role].label : untranslated(role))),
    ', ',
  );
}

/** `Tous les profils ; structures : 10B0001234`. */
export function scopeText(scope: AccountScope): Bilingual {
  if (SCOPE_LISTS.every((list) => scope[list].includes('*'))) return ACCOUNT_WORDS.everything;
  return joinedLists(SCOPE_LISTS.map((list) => listText(list, scope[list], SHOWN_MAX)));
}

/** Some lists with all of their values, for whoever decides about them. */
export function wholeListsText(scope: AccountScope, lists: readonly (keyof AccountScope)[]): Bilingual {
  return joinedLists(lists.map((list) => listText(list, scope[list], Number.POSITIVE_INFINITY)));
}

function joinedLists(lists: readonly Bilingual[]): Bilingual {
  return joinTexts(lists, { fr: ' ; ', en: '; ' });
}

/** Values that are shown of a long list; the page of the account has them all. */
const SHOWN_MAX = 3;

function listText(list: keyof AccountScope, values: readonly string[], shownMax: number): Bilingual {
  const { all, none, label } = SCOPE_WORDS[list];
  if (values.includes('*')) return all;
  if (values.length === 0) return none;
  const shown = values.slice(0, shownMax).join(', ');
  const more = values.length > shownMax ? `, … (${values.length})` : '';
  return { fr: `${label.fr} : ${shown}${more}`, en: `${label.en}: ${shown}${more}` };
}

/** Query parameters are not longer, so that longer lists are changed by the API or a command. */
const LIST_CHARACTERS_MAX = 480;

/** The fields of the rights. A list that is too long for a form is left out, and stays as it is. */
export function rightsFields(account: Pick<Account, 'roles' | 'scope'> | null): readonly Field[] {
  const roles = ROLE_NAMES.map(
    (role): Field => ({
      kind: 'check',
      name: roleField(role),
      ...ROLE_LABELS[role],
      group: ACCOUNT_WORDS.roles,
      value: account?.roles.includes(role) === true ? 'yes' : '',
    }),
  );
  const lists = SCOPE_LISTS.flatMap((list): Field[] => {
    const value = account?.scope[list].join(' ') ?? '';
    const { label, hint } = SCOPE_WORDS[list];
    if (value.length > LIST_CHARACTERS_MAX) return [];
    return [{ kind: 'text', name: list, label, hint, value, lengthMax: LIST_CHARACTERS_MAX }];
  });
  return [...roles, ...lists];
}

function roleField(role: Role): string {
  return `role-${role}`;
}

export function rolesIn(input: Input): readonly string[] {
  return ROLE_NAMES.filter((role) => input[roleField(role)] === 'yes');
}

/** The values of a list, without repetitions; an empty field is an empty list. */
export function valuesIn(input: Input, list: keyof AccountScope): readonly string[] {
  const written = input[list] ?? '';
  return [...new Set(written.split(/[\s,;]+/).filter((value) => value !== ''))];
}
