/**
 * The members that details of audit entries may have: each checks the bounds of its value and
 * writes it as JSON. What the catalogue (`events.ts`) does not allow is never written.
 */
import { utf8 } from '../kernel/bytes.js';
import { formatInstantMs, type Instant } from '../kernel/clock.js';
import { sha256Hex } from '../kernel/digest.js';
import { canonicalJson, type Json } from '../kernel/json.js';
import type { TagKind, TagOf } from './tags.js';

type Member<Value, Optional extends boolean = false> = {
  /** The value as it stands in the entry; `undefined`: it is out of bounds. */
  readonly write: (value: Value, tagOf: TagOf) => Json | undefined;
  readonly isOptional: Optional;
};

/** The members of an object by name, whatever their values are. */
export type Members = { readonly [name: string]: Member<never, boolean> };

type ValueOf<OneMember> = OneMember extends Member<infer Value, boolean> ? Value : never;
type OptionalNames<Named extends Members> = {
  [Name in keyof Named]: Named[Name] extends Member<never, true> ? Name : never;
}[keyof Named];

/** The values that an object with these members is written from. */
export type ValuesOf<Named extends Members> = {
  readonly [Name in Exclude<keyof Named, OptionalNames<Named>>]: ValueOf<Named[Name]>;
} & { readonly [Name in OptionalNames<Named>]?: ValueOf<Named[Name]> | undefined };

function member<Value>(write: Member<Value>['write']): Member<Value> {
  return { write, isOptional: false };
}

/** What no text may have: control characters, and surrogates that are alone. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/gu;

/** Text without control characters. Characters are counted as the schemas of the API count them. */
export function text(charactersMax: number): Member<string> {
  return member((value) => (isWithin(value, charactersMax) && value.search(UNPRINTABLE) === -1 ? value : undefined));
}

/** A character outside of the basic plane has two UTF-16 code units, and counts once. */
function isWithin(value: string, charactersMax: number): boolean {
  if (value.length <= charactersMax) return true;
  return value.length <= 2 * charactersMax && [...value].length <= charactersMax;
}

/** Text of others: it is cut to its bound, and its control characters are replaced. */
export function excerpt(charactersMax: number): Member<string> {
  return member((value) => value.slice(0, charactersMax).replace(UNPRINTABLE, '?'));
}

export function matching(form: RegExp): Member<string> {
  return member((value) => (form.test(value) ? value : undefined));
}

export function oneOf<const Value extends string>(...values: readonly Value[]): Member<Value> {
  return member((value) => (values.includes(value) ? value : undefined));
}

export const uuid = matching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

export const count: Member<number> = member((value) => (isCount(value) ? value : undefined));

/** A whole number, which may be negative. */
export const difference: Member<number> = member((value) => (Number.isSafeInteger(value) ? value : undefined));

/** RFC 3339 in UTC, with milliseconds. */
export const instant: Member<Instant> = member((value) =>
  Number.isSafeInteger(value) && Math.abs(value) <= INSTANT_MAX ? formatInstantMs(value) : undefined,
);
/** The last millisecond of the year 9999, the last year that RFC 3339 can write. */
const INSTANT_MAX = Date.UTC(10_000, 0) - 1;

/** A personal value, which stands as its tag. Its length is bounded where it comes in. */
export function tagged(kind: TagKind): Member<string> {
  return member((value, tagOf) => tagOf(kind, value));
}

/**
 * A value that stands as it is where it has this form, and otherwise as its tag, because it may
 * name a person.
 */
export function taggedUnless(form: RegExp, kind: TagKind): Member<string> {
  return member((value, tagOf) => (form.test(value) ? value : tagOf(kind, value)));
}

export function nullable<Value>(one: Member<Value>): Member<Value | null> {
  return member((value, tagOf) => (value === null ? null : one.write(value, tagOf)));
}

export function optional<Value>(one: Member<Value>): Member<Value, true> {
  return { write: one.write, isOptional: true };
}

export function list<Value>(one: Member<Value>, itemsMax: number): Member<readonly Value[]> {
  return member((values, tagOf) => (values.length <= itemsMax ? writeItems(one, values, tagOf) : undefined));
}

/**
 * FINESS, SIREN and SIRET numbers are public. The id of a practice contains the ADELI or RPPS
 * number of its practitioner.
 */
export const structure = taggedUnless(/^(\*|1[0-9A-Z]{9}|2\d{9}|3\d{14})$/, 'structure');

/** The accounts of the officers who have decided something. */
export const officers = list(text(128), 2);

/**
 * A list without a bound of its own: where its canonical JSON is longer than `bytesMax`, the entry
 * has the number of its items and the SHA-256 of this JSON instead.
 */
export function listOrDigest<Value>(one: Member<Value>, bytesMax: number): Member<readonly Value[]> {
  return member((values, tagOf) => {
    const written = writeItems(one, values, tagOf);
    return written === undefined ? undefined : orDigest(written, { bytesMax, items: values.length });
  });
}

type Counts = { readonly [name: string]: number };

/** Numbers by name, or, as in `listOrDigest`, how many names there are. */
export function countsOrDigest(bytesMax: number): Member<Counts> {
  return member((counts) => {
    if (Object.values(counts).some((one) => !isCount(one))) return undefined;
    return orDigest(counts, { bytesMax, items: Object.keys(counts).length });
  });
}

function orDigest(written: Json, { bytesMax, items }: { readonly bytesMax: number; readonly items: number }): Json {
  const bytes = utf8(canonicalJson(written));
  return bytes.length <= bytesMax ? written : { count: items, sha256: sha256Hex(bytes) };
}

function writeItems<Value>(one: Member<Value>, values: readonly Value[], tagOf: TagOf): readonly Json[] | undefined {
  const items = values.map((value) => one.write(value, tagOf));
  return items.some((item) => item === undefined) ? undefined : (items as readonly Json[]);
}

export function object<const Named extends Members>(members: Named): Member<ValuesOf<Named>> {
  return member((values, tagOf) => {
    const { written, faults } = writeMembers(members, values, tagOf);
    return faults.length === 0 ? written : undefined;
  });
}

/**
 * Writes an object. `faults`: the names of members that are unknown, missing or out of bounds; they
 * are named without their values, which may be personal.
 */
export function writeMembers(
  members: Members,
  values: { readonly [name: string]: unknown },
  tagOf: TagOf,
): { readonly written: { readonly [name: string]: Json }; readonly faults: readonly string[] } {
  const written: Record<string, Json> = {};
  const faults = Object.keys(values).filter((name) => !Object.hasOwn(members, name));
  for (const [name, { write, isOptional }] of Object.entries(members)) {
    const value = values[name];
    if (value === undefined && isOptional) continue;
    const one = value === undefined ? undefined : write(value as never, tagOf);
    if (one === undefined) faults.push(name);
    else written[name] = one;
  }
  return { written, faults };
}
