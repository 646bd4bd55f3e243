/**
 * Turns an example plan into the draft of a real one: with other names, and without the comments.
 * The draft has the steps of the example; `templates.ts` then changes them as the answers require.
 */
import { present } from '../../kernel/assert.js';
import type { Json } from '../../kernel/json.js';
import type { HierarchyId, Policy } from '../../policy/model.js';
import type { PlanFile } from '../plan/model.js';

type Names = {
  readonly id: string;
  /** The id of the ceremony that made the offline token; it is in the path of the token. */
  readonly first: string;
  readonly hierarchy: HierarchyId | null;
};

/** The names of the hierarchies, as titles write them. */
const ROOT_TITLES = { fort: 'FORT', standard: 'STANDARD', elementaire: 'ÉLÉMENTAIRE' } as const satisfies Readonly<
  Record<HierarchyId, string>
>;

export function fromExample(example: PlanFile, names: Names, policy: Policy): PlanFile {
  const first = firstCeremonyOf(example);
  const from: Names = { id: example.id, first: first ?? example.id, hierarchy: example.hierarchy };
  const rename = renamer(from, names, policy);
  return mapTexts(withoutComments(example as unknown as Json), rename) as unknown as PlanFile;
}

/**
 * Returns the id of the ceremony that made the plan's offline token. null: the plan has no such
 * token.
 */
export function firstCeremonyOf({ tokens }: Pick<PlanFile, 'tokens'>): string | null {
  const offline = tokens.find(({ kind }) => kind === 'root' || kind === 'access');
  return offline === undefined ? null : (offline.folder.split('/')[1] ?? null);
}

/**
 * Makes the title of the new plan from that of the example: it names the new hierarchy, and the
 * words that mark an example or a rehearsal are removed.
 */
export function titleFrom(text: string, from: HierarchyId | null, to: HierarchyId | null): string {
  const plain = text.replace(/ \((répétition|exemple|rehearsal|example)\)$/, '');
  if (from === null || to === null) return plain;
  const spellings = from === 'elementaire' ? [ROOT_TITLES.elementaire, 'ELEMENTAIRE'] : [ROOT_TITLES[from]];
  return spellings.reduce((title, spelling) => title.replaceAll(spelling, ROOT_TITLES[to]), plain);
}

/** Returns the code of a hierarchy in the ids of its CAs: `fo`, as in `acr-fo`. */
function codeOf(policy: Policy, hierarchy: HierarchyId): string {
  const root = [...policy.authorities.values()].find((one) => one.kind === 'root' && one.hierarchy === hierarchy);
  return present(root, `root of ${hierarchy}`).id.replace(/^.*-/, '');
}

/**
 * Returns a function that renames paths, keys and ids in a text of the plan. The first rule gives
 * the path of an offline token its new name and a second slash, so that the next rule, for the
 * folder of this ceremony, does not rename it again; the third rule removes the slash.
 */
function renamer(from: Names, to: Names, policy: Policy): (text: string) => string {
  const rules: (readonly [RegExp, string])[] = [
    [new RegExp(`^ceremony/${from.first}/((?:root|access)-(?:token|shares))`), `ceremony//${to.first}/$1`],
    [new RegExp(`^ceremony/${from.id}/`), `ceremony/${to.id}/`],
    [/^ceremony\/\//, 'ceremony/'],
    [new RegExp(`^ceremony-${from.id}$`), `ceremony-${to.id}`],
    [new RegExp(`^bundles/${from.id}\\.json$`), `bundles/${to.id}.json`],
  ];
  if (from.hierarchy !== null && to.hierarchy !== null) {
    const [old, code] = [codeOf(policy, from.hierarchy), codeOf(policy, to.hierarchy)];
    rules.push(
      [new RegExp(`\\b(ac[ir])-${old}\\b`, 'g'), `$1-${code}`],
      [new RegExp(`\\b(AC[IR])-${old.toUpperCase()}\\b`, 'g'), `$1-${code.toUpperCase()}`],
      [new RegExp(`\\b(root|ca|ocsp|cmp)-${from.hierarchy}\\b`, 'g'), `$1-${to.hierarchy}`],
    );
  }
  return (text) => rules.reduce((renamed, [pattern, into]) => renamed.replace(pattern, into), text);
}

function mapTexts(value: Json, rename: (text: string) => string): Json {
  if (typeof value === 'string') return rename(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapTexts(member, rename)]));
}

/** Removes every member `why`: it explains the example, not the new plan. */
function withoutComments(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutComments);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => name !== 'why');
  return Object.fromEntries(members.map(([name, member]) => [name, withoutComments(member)]));
}
