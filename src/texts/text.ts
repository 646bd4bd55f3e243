/**
 * Fills the texts of the lists in this folder. `{place}` in a text stands for a value, and each
 * place of a text needs its value to compile.
 */
import type { Bilingual } from '../kernel/bilingual.js';
import { RULES, type RuleTextId } from './all.js';
import { PHRASES } from './phrases.js';
import { DESK_PHRASES } from './update-rules.js';

const TEXTS = { ...RULES, ...PHRASES, ...DESK_PHRASES };
type Texts = typeof TEXTS;
export type TextId = keyof Texts;

/** What stands in a place: lists have commas, bilingual values are in the language of the text. */
export type Value = string | number | readonly string[] | Bilingual;

type Places<Text extends string> = Text extends `${string}{${infer Place}}${infer Rest}` ? Place | Places<Rest> : never;
type PlacesOf<Id extends TextId> = Places<Texts[Id]['en']> | Places<Texts[Id]['fr']>;
/** What stands in the places of a text: nothing for a text without places. */
export type Values<Id extends TextId> = [PlacesOf<Id>] extends [never]
  ? []
  : [values: { readonly [Place in PlacesOf<Id>]: Value }];

/** A rule that was violated, and what is said about it. */
export type Fault = { readonly rule: string; readonly message: Bilingual };

export function text<Id extends TextId>(id: Id, ...values: Values<Id>): Bilingual {
  const [given = {}] = values as readonly Readonly<Record<string, Value>>[];
  const { fr, en }: Bilingual = TEXTS[id];
  return { fr: filled(fr, given, 'fr'), en: filled(en, given, 'en') };
}

/** `id`: the rule, or the rule, a slash and the case: `profession-code/ended`. */
export function fault<Id extends RuleTextId>(id: Id, ...values: Values<Id>): Fault & { readonly rule: RuleOf<Id> } {
  return { rule: id.replace(/\/.*/, '') as RuleOf<Id>, message: text(id, ...values) };
}

/** Something in the request that violates a rule; `pointer` is its place there. */
export type Violation = Fault & { readonly pointer: string };

export function violation<Id extends RuleTextId>(pointer: string, id: Id, ...values: Values<Id>): Violation {
  return { pointer, ...fault(id, ...values) };
}

type RuleOf<Id extends string> = Id extends `${infer Rule}/${string}` ? Rule : Id;

function filled(template: string, values: Readonly<Record<string, Value>>, language: keyof Bilingual): string {
  return template.replace(/\{(\w+)\}/g, (_, place: string) => written(values[place] ?? '', language));
}

function written(value: Value, language: keyof Bilingual): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return isList(value) ? value.join(', ') : value[language];
}

function isList(value: Value): value is readonly string[] {
  return Array.isArray(value);
}

/** `cps or cpe`. */
export function alternatives(values: readonly string[]): Bilingual {
  return { fr: values.join(' ou '), en: values.join(' or ') };
}
