import type { Bytes } from '../../kernel/bytes.js';
import { duplicateKeys } from '../../kernel/duplicate-keys.js';
import { escapePointer } from '../../kernel/json-pointer.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Violation, violation } from '../../texts/text.js';
import { jsonFaultPlace } from './json-fault.js';

type MalformedBody = { readonly kind: 'body-malformed'; readonly violations: readonly Violation[] };

/** What is parsed: a whole body, or one line of a streamed body. */
type JsonUnit = 'body' | 'line';

/**
 * Parses JSON, and accepts only what all parsers understand in the same way: UTF-8 without a byte
 * order mark (RFC 8259 8.1), no duplicate keys, and no lone surrogates (RFC 7493 2.1). The number
 * of values is limited, because each of them can violate the schema, and describing tens of
 * thousands of violations would block the event loop.
 */
export function parseJson(raw: Bytes, unit: JsonUnit): Result<unknown, MalformedBody> {
  const json = decoded(raw);
  if (json === null) return malformed(violation('', 'json/utf-8'));
  const value = parsed(json);
  if (value === undefined) return malformed(faultOf(json, unit));
  const max = LIMITS.jsonValuesMax;
  if (valuesIn(value) > max) return malformed(violation('', 'json-values', { max }));
  const [pointer] = duplicateKeys(json);
  if (pointer !== undefined) return malformed(violation(pointer, 'member-once'));
  // Decoded UTF-8 contains no surrogates, so lone ones can only come from escape sequences (`\u`).
  const alone = json.includes('\\u') ? loneSurrogateIn(value) : null;
  return alone === null ? ok(value) : malformed(violation(alone, 'json/lone-surrogate'));
}

/** Decodes UTF-8; null: the bytes are not UTF-8. */
function decoded(raw: Bytes): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    return null;
  }
}

/** Parses a text; undefined: it is not JSON. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function faultOf(json: string, unit: JsonUnit): Violation {
  if (json.trim() === '') return violation('', 'json/empty');
  if (json.startsWith('\ufeff')) return violation('', 'json/byte-order-mark');
  const { line, column } = jsonFaultPlace(json);
  return unit === 'line' ? violation('', 'json/line', { column }) : violation('', 'json', { line, column });
}

/** Counts the value itself, and all members and elements in it. */
function valuesIn(value: unknown): number {
  const found = [value];
  for (const one of found) if (typeof one === 'object' && one !== null) found.push(...Object.values(one));
  return found.length;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Returns the JSON pointer of the first string with a lone surrogate, or of the object that has
 * such a key; null: there is none.
 */
function loneSurrogateIn(value: unknown, pointer = ''): string | null {
  if (typeof value === 'string') return LONE_SURROGATE.test(value) ? pointer : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, member] of Object.entries(value)) {
    if (LONE_SURROGATE.test(name)) return pointer;
    const found = loneSurrogateIn(member, `${pointer}/${escapePointer(name)}`);
    if (found !== null) return found;
  }
  return null;
}

function malformed(found: Violation): Result<never, MalformedBody> {
  return err({ kind: 'body-malformed', violations: [found] });
}
