/**
 * The members of policy files whose values officers decide: those that the package assumes, and
 * those that are decided already. Members with the same name in files of one kind are one question.
 */
import { groupBy } from '../../kernel/group-by.js';
import type { Json } from '../../kernel/json.js';
import { resolvePointer } from '../../kernel/json-pointer.js';
import type { Document, FileNotes, PolicyDocuments } from '../load/documents.js';

/** Each kind of file has the name of its schema. */
type FileKind = 'environment' | 'hierarchy' | 'authority' | 'profile' | 'card-generations';

/** A policy file as JSON. */
export type Body = { readonly [member: string]: Json };

export type PolicyMember = {
  readonly file: string;
  readonly pointer: string;
  readonly fileKind: FileKind;
  readonly value: Json;
  /**
   * Its pointers in `sources`. For a list with assumed items these are the items, because an
   * officer decides the whole list.
   */
  readonly sourcePointers: readonly string[];
  readonly notes: readonly string[];
  /** Whether it is still to be decided. */
  readonly open: boolean;
};

/** `name` is the kind of file and the pointer: `profile/renewalWindow`. */
export type Question = { readonly name: string; readonly members: readonly PolicyMember[] };

/** `fort/profiles/cps-signature.json#/renewalWindow`. */
export function memberName({ file, pointer }: Pick<PolicyMember, 'file' | 'pointer'>): string {
  return `${file}#${pointer}`;
}

/** The questions in the order of the files. */
export function questionsOf(documents: PolicyDocuments): readonly Question[] {
  const { environment, hierarchies, authorities, profiles, cardGenerations } = documents;
  const all = [
    ...membersOf('environment', environment),
    ...hierarchies.flatMap((document) => membersOf('hierarchy', document)),
    ...authorities.flatMap((document) => membersOf('authority', document)),
    ...profiles.flatMap((document) => membersOf('profile', document)),
    ...membersOf('card-generations', cardGenerations),
  ];
  return [...groupBy(all, ({ fileKind, pointer }) => fileKind + pointer)].map(([name, members]) => ({ name, members }));
}

/** A question is decided when none of its members is open. */
export function isDecided({ members }: Question): boolean {
  return members.every(({ open }) => !open);
}

/**
 * Divides a question into smaller ones: one for each different value, or one for each member when
 * the values are equal.
 */
export function splitMembers(members: readonly PolicyMember[]): readonly (readonly PolicyMember[])[] {
  const byValue = membersByValue(members);
  return byValue.length > 1 ? byValue : members.map((member) => [member]);
}

/** The members by their value, and by the notes about it. */
export function membersByValue(members: readonly PolicyMember[]): readonly (readonly PolicyMember[])[] {
  return [...groupBy(members, ({ value, notes }) => JSON.stringify([value, notes]))].map(([, same]) => same);
}

function membersOf(fileKind: FileKind, { file, body }: Document<FileNotes>): readonly PolicyMember[] {
  const { sources, notes = {} } = body;
  const decidable = Object.keys(sources).filter((key) => sources[key] === 'assumption' || sources[key] === 'decision');
  return [...groupBy(decidable, (sourcePointer) => listPointer(body, sourcePointer))].map(
    ([pointer, sourcePointers]) => ({
      file,
      pointer,
      fileKind,
      value: resolvePointer(body, pointer) as Json,
      sourcePointers,
      notes: [...new Set(sourcePointers.flatMap((one) => notes[one] ?? []))],
      open: sourcePointers.some((one) => sources[one] === 'assumption'),
    }),
  );
}

/** The pointer itself, or that of the first list on its way. */
function listPointer(body: unknown, pointer: string): string {
  const tokens = pointer.split('/');
  const upTo = (length: number): string => tokens.slice(0, length).join('/');
  const lengths = tokens.map((_, index) => index + 1);
  return upTo(lengths.find((length) => Array.isArray(resolvePointer(body, upTo(length)))) ?? tokens.length);
}
