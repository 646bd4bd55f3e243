/** What the decision of an officer changes in a policy file. */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Json } from '../../kernel/json.js';
import { replaceAt } from '../../kernel/json-pointer.js';
import type { Body, PolicyMember } from './questions.js';

export type Choice = { readonly kind: 'keep' } | { readonly kind: 'change'; readonly value: Json };

export type Decision = {
  readonly member: Pick<PolicyMember, 'file' | 'pointer' | 'sourcePointers'>;
  readonly choice: Choice;
  /** `2026-09-01T08:30:00Z, the committee: two batches of cards an hour at most.` */
  readonly note: string;
};

/** Together with the time they fit in a note of 600 characters (common.schema.json). */
const NAME_CHARACTERS = { min: 2, max: 100 } as const;
const REASON_CHARACTERS = { min: 10, max: 450 } as const;

/**
 * A decision as `notes` have it. `at` is an instant in UTC (RFC 3339): a day alone would depend on
 * the time zone of the reader.
 */
export function noteOf(said: { readonly at: string; readonly by: string; readonly reason: string }): string {
  return `${said.at}, ${said.by}: ${said.reason}`;
}

/** null: the name can be written into a note. */
export function nameFault(name: string): Bilingual | null {
  return textFault(name, NAME_CHARACTERS, { fr: 'le nom', en: 'the name' });
}

/** null: the reason can be written into a note. */
export function reasonFault(reason: string): Bilingual | null {
  return textFault(reason, REASON_CHARACTERS, { fr: 'la raison', en: 'the reason' });
}

function textFault(text: string, { min, max }: { readonly min: number; readonly max: number }, what: Bilingual) {
  if (text.trim() === text && text.length >= min && text.length <= max && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text))
    return null;
  return {
    fr: `${what.fr} a de ${min} à ${max} caractères, sur une ligne, sans espace au début ni à la fin`,
    en: `${what.en} has ${min} to ${max} characters, on one line, without a space at its ends`,
  };
}

/**
 * The text of a policy file. The shipped files have this layout too (`biome.json`), so that a
 * version control system shows only the lines of a decision.
 */
export function policyFileText(body: Body): string {
  return `${JSON.stringify(body, null, 2)}\n`;
}

/**
 * Decides one member of a file. A changed value replaces the sources and notes of its parts, which
 * may not exist any more. The result does not depend on the order of decisions.
 */
export function applyDecision(body: Body, { member, choice, note }: Decision): Body {
  const { pointer, sourcePointers } = member;
  const before = entriesOf(body.sources);
  if (choice.kind === 'keep') return markDecided(body, { sourcePointers, note, sources: before });
  const isPart = (other: string): boolean => other.startsWith(`${pointer}/`);
  const first = before.findIndex(([other]) => other === pointer || isPart(other));
  const sources = before.filter(([other]) => other !== pointer && !isPart(other));
  sources.splice(Math.max(first, 0), 0, [pointer, 'decision']);
  const notes = entriesOf(body.notes).filter(([other]) => !isPart(other));
  const changed = replaceAt({ ...body, notes: Object.fromEntries(notes) }, pointer, choice.value) as Body;
  return markDecided(changed, { sourcePointers: [pointer], note, sources });
}

/** A pointer and its text in `sources` or `notes`. */
type Entry = readonly [pointer: string, text: string];

type DecidedSources = {
  readonly sourcePointers: readonly string[];
  readonly note: string;
  readonly sources: readonly Entry[];
};

function markDecided(body: Body, { sourcePointers, note, sources }: DecidedSources): Body {
  const order = sources.map(([pointer]) => pointer);
  const decided = sources.map(
    ([pointer, source]): Entry => [pointer, sourcePointers.includes(pointer) ? 'decision' : source],
  );
  const notes = sourcePointers.reduce<readonly Entry[]>(
    (all, pointer) => addNote(all, [pointer, note], order),
    entriesOf(body.notes),
  );
  return { ...body, sources: Object.fromEntries(decided), notes: Object.fromEntries(notes) };
}

/**
 * Adds a note after the note of the nearest earlier source and the notes of the parts of that
 * source, so that the order of the notes does not depend on the order of the decisions.
 */
function addNote(notes: readonly Entry[], note: Entry, order: readonly string[]): readonly Entry[] {
  const [pointer] = note;
  if (notes.some(([other]) => other === pointer)) return notes.map((one) => (one[0] === pointer ? note : one));
  const before = order.slice(0, order.indexOf(pointer)).reverse();
  const previous = before.find((source) => notes.some(([noted]) => noted === source));
  let index = previous === undefined ? 0 : notes.findIndex(([other]) => other === previous) + 1;
  while (previous !== undefined && notes[index]?.[0].startsWith(`${previous}/`) && !pointer.startsWith(`${previous}/`))
    index += 1;
  return [...notes.slice(0, index), note, ...notes.slice(index)];
}

function entriesOf(texts: Json | undefined): Entry[] {
  return Object.entries((texts ?? {}) as Readonly<Record<string, string>>);
}
