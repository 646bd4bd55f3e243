/**
 * The values of a policy that officers decide: those that the package assumes, and those that are
 * decided already. Values of one member with the same meaning form a group, which is one question.
 */

import type { Json } from '../../kernel/json.js';
import { resolvePointer } from '../../kernel/json-pointer.js';
import type { Document, FileNotes, PolicyDocuments } from '../load/documents.js';

/** Each kind of file has the name of its schema. */
export type FileKind = 'environment' | 'hierarchy' | 'authority' | 'profile';

/** A policy file as JSON. */
export type Body = { readonly [member: string]: Json };

export type Place = {
  readonly file: string;
  readonly pointer: string;
  readonly fileKind: FileKind;
  readonly value: Json;
  /**
   * The pointers below `sources`. For a list with assumed items these are the items, because an
   * officer decides the list.
   */
  readonly marks: readonly string[];
  readonly notes: readonly string[];
  readonly open: boolean;
};

/** `kind` is the kind of file and the pointer: `profile/renewalWindow`. */
export type Group = { readonly kind: string; readonly places: readonly Place[] };

/** `fort/profiles/cps-signature.json#/renewalWindow`. */
export function placeName({ file, pointer }: Pick<Place, 'file' | 'pointer'>): string {
  return `${file}#${pointer}`;
}

/** The groups in the order of the files; a group is decided when none of its places is open. */
export function groupsOf(documents: PolicyDocuments): readonly Group[] {
  const { environment, hierarchies, authorities, profiles } = documents;
  const places = [
    ...placesOf('environment', environment),
    ...hierarchies.flatMap((document) => placesOf('hierarchy', document)),
    ...authorities.flatMap((document) => placesOf('authority', document)),
    ...profiles.flatMap((document) => placesOf('profile', document)),
  ];
  return groupedBy(places, ({ fileKind, pointer }) => fileKind + pointer).map(([kind, members]) => ({
    kind,
    places: members,
  }));
}

export function isDecided({ places }: Group): boolean {
  return places.every(({ open }) => !open);
}

/**
 * The smaller questions of a question: one for each different value, or one for each place when the
 * values are equal.
 */
export function openedGroups(places: readonly Place[]): readonly (readonly Place[])[] {
  const byValue = sameValues(places);
  return byValue.length > 1 ? byValue : places.map((place) => [place]);
}

/** The places by their value, and by the notes about it. */
export function sameValues(places: readonly Place[]): readonly (readonly Place[])[] {
  return groupedBy(places, ({ value, notes }) => JSON.stringify([value, notes])).map(([, members]) => members);
}

function placesOf(fileKind: FileKind, { file, body }: Document<FileNotes>): readonly Place[] {
  const { sources, notes = {} } = body;
  const marked = Object.keys(sources).filter((at) => sources[at] === 'assumption' || sources[at] === 'decision');
  return groupedBy(marked, (mark) => listPointer(body, mark)).map(([pointer, marks]) => ({
    file,
    pointer,
    fileKind,
    value: resolvePointer(body, pointer) as Json,
    marks,
    notes: [...new Set(marks.flatMap((mark) => notes[mark] ?? []))],
    open: marks.some((mark) => sources[mark] === 'assumption'),
  }));
}

/** The pointer itself, or that of the first list on its way. */
function listPointer(body: unknown, pointer: string): string {
  const tokens = pointer.split('/');
  const lengths = tokens.map((_, at) => at + 1);
  const upTo = (length: number): string => tokens.slice(0, length).join('/');
  return upTo(lengths.find((length) => Array.isArray(resolvePointer(body, upTo(length)))) ?? tokens.length);
}

function groupedBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): readonly (readonly [string, readonly Item[]])[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [item]);
    else members.push(item);
  }
  return [...groups];
}
