/**
 * Parses the files of ceremonies that are canonical JSON: shares, share sets, and the records and
 * copies of tokens. They have known members only, so that every changed byte is detected.
 */
import { fromUtf8 } from '../../kernel/bytes.js';
import { canonicalJson, type Json, parseJson } from '../../kernel/json.js';

/**
 * The type of a member of an object. `digest`: a SHA-256 in hexadecimal. `file`: a file name
 * without a folder. `listOf` and `oneOf` state the members of objects: of each one in a list, or of
 * one object in one of several forms.
 */
export type MemberType =
  | 'string'
  | 'number'
  | 'digest'
  | 'file'
  | { readonly listOf: MemberTypes }
  | { readonly oneOf: readonly MemberTypes[] };
export type MemberTypes = Readonly<Record<string, MemberType>>;

/**
 * Parses canonical JSON that ends with a newline and has exactly these members. The caller states
 * the type `Value` that corresponds to `members`. `null`: the bytes have another form.
 */
export function parseCanonical<Value>(bytes: Uint8Array, members: MemberTypes): Value | null {
  const json = fromUtf8(bytes);
  const value = json === null ? undefined : parseJson(json);
  if (value === undefined || !hasMembers(value, members)) return null;
  const text = `${canonicalJson(value)}\n`;
  return Buffer.from(text).equals(bytes) ? (value as Value) : null;
}

function hasMembers(value: Json | undefined, members: MemberTypes): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as { readonly [key: string]: Json };
  const names = Object.keys(object);
  return (
    names.length === Object.keys(members).length &&
    Object.entries(members).every(([name, member]) => Object.hasOwn(object, name) && is(object[name], member))
  );
}

const DIGEST = /^[0-9a-f]{64}$/;
/** Matches a file name in the folder of the set, which cannot lead out of that folder. */
const FILE = /^[a-z0-9][a-z0-9.-]{0,99}$/;

function is(value: Json | undefined, member: MemberType): boolean {
  if (typeof member === 'object') {
    if ('oneOf' in member) return member.oneOf.some((members) => hasMembers(value, members));
    return Array.isArray(value) && value.every((item) => hasMembers(item, member.listOf));
  }
  if (member === 'number') return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  if (typeof value !== 'string') return false;
  return member === 'string' || (member === 'digest' ? DIGEST : FILE).test(value);
}
