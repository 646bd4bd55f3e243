/** What the decision of an officer changes in a policy file. */

import type { Bilingual } from '../../kernel/bilingual.js';
import type { Json } from '../../kernel/json.js';
import { replaceAt } from '../../kernel/json-pointer.js';
import type { Body, Place } from './places.js';

export type Choice = { readonly kind: 'keep' } | { readonly kind: 'change'; readonly value: Json };

export type Decision = {
  readonly place: Pick<Place, 'file' | 'pointer' | 'marks'>;
  readonly choice: Choice;
  /** `2026-09-01, the committee: two batches of cards an hour at most.` */
  readonly note: string;
};

/** Together with the date they fit in a note of 600 characters (common.schema.json). */
const NAME_CHARACTERS = { min: 2, max: 100 } as const;
const REASON_CHARACTERS = { min: 10, max: 450 } as const;

/** The date, the name and the reason, as `notes` have them. */
export function noteOf(said: { readonly day: string; readonly by: string; readonly reason: string }): string {
  return `${said.day}, ${said.by}: ${said.reason}`;
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
 * Decides one place of a file. A changed value replaces the sources and notes of its parts, which
 * may not exist any more. The result does not depend on the order of decisions.
 */
export function withDecision(body: Body, { place, choice, note }: Decision): Body {
  const { pointer } = place;
  const before = [...entriesOf(body.sources)];
  if (choice.kind === 'keep') return marked(body, { marks: place.marks, note, sources: before });
  const isPart = (at: string): boolean => at.startsWith(`${pointer}/`);
  const first = before.findIndex(([at]) => at === pointer || isPart(at));
  const sources = before.filter(([at]) => at !== pointer && !isPart(at));
  sources.splice(Math.max(first, 0), 0, [pointer, 'decision']);
  const notes = entriesOf(body.notes).filter(([at]) => !isPart(at));
  const changed = replaceAt({ ...body, notes: Object.fromEntries(notes) }, pointer, choice.value) as Body;
  return marked(changed, { marks: [pointer], note, sources });
}

type Entry = readonly [string, string];
type SourceMarks = { readonly marks: readonly string[]; readonly note: string; readonly sources: readonly Entry[] };

function marked(body: Body, { marks, note, sources }: SourceMarks): Body {
  const order = sources.map(([at]) => at);
  const decided = sources.map(([at, source]): Entry => [at, marks.includes(at) ? 'decision' : source]);
  const notes = marks.reduce((all, mark) => withNote(all, [mark, note], order), entriesOf(body.notes));
  return { ...body, sources: Object.fromEntries(decided), notes: Object.fromEntries(notes) };
}

/**
 * A new note follows that of the nearest source before it, and those of its parts, so that the
 * notes end in one order whatever is decided first.
 */
function withNote(notes: readonly Entry[], note: Entry, order: readonly string[]): readonly Entry[] {
  const [mark] = note;
  if (notes.some(([at]) => at === mark)) return notes.map((one) => (one[0] === mark ? note : one));
  const before = order.slice(0, order.indexOf(mark)).reverse();
  const previous = before.find((at) => notes.some(([noted]) => noted === at));
  let place = previous === undefined ? 0 : notes.findIndex(([at]) => at === previous) + 1;
  while (previous !== undefined && notes[place]?.[0].startsWith(`${previous}/`) && !mark.startsWith(`${previous}/`))
    place += 1;
  return [...notes.slice(0, place), note, ...notes.slice(place)];
}

function entriesOf(texts: Json | undefined): readonly Entry[] {
  return Object.entries((texts ?? {}) as Readonly<Record<string, string>>);
}
