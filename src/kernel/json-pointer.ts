/**
 * JSON pointers (RFC 6901), as far as the reports of faults in files, requests and policies need
 * them.
 */
import { assert } from './assert.js';
import type { Json } from './json.js';

export function escapePointer(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Returns undefined where the pointer leads nowhere. */
export function resolvePointer(value: unknown, pointer: string): unknown {
  let at = value;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  return at;
}

/** Whether one of the two pointers leads to the other's value or to a part of it. */
export function pointersOverlap(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

/** A copy of `value` in which `replacement` is at the pointer, whose parent exists. */
export function replaceAt(value: Json, pointer: string, replacement: Json): Json {
  const [, token, ...rest] = pointer.split('/');
  if (token === undefined) return replacement;
  const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
  const inside = ['', ...rest].join('/');
  if (Array.isArray(value))
    return value.map((item: Json, at) => (String(at) === key ? replaceAt(item, inside, replacement) : item));
  assert(typeof value === 'object' && value !== null, `no parent for ${pointer}`);
  const object = value as { readonly [key: string]: Json };
  return { ...object, [key]: replaceAt(object[key] ?? null, inside, replacement) };
}
