import type { Bytes } from '../../kernel/bytes.js';
import { duplicateKeys } from '../../kernel/duplicate-keys.js';
import { escapePointer } from '../../kernel/json-pointer.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Violation, violation } from '../../texts/text.js';
import { jsonFaultPlace } from './json-fault.js';

type MalformedBody = { readonly kind: 'body-malformed'; readonly violations: readonly Violation[] };

/** A whole body, or a line of a streamed one. */
type JsonUnit = 'body' | 'line';

/**
 * Reads JSON as others read it too: in UTF-8, without a byte order mark (RFC 8259 8.1), without
 * duplicate keys, and without surrogates that are alone (RFC 7493 2.1). The number of values is
 * limited, because each of them can violate the schema, and describing tens of thousands of
 * violations would block the event loop.
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
  // Without an escape sequence, text that was read from UTF-8 has no surrogates.
  const alone = json.includes('\\u') ? loneSurrogateIn(value) : null;
  return alone === null ? ok(value) : malformed(violation(alone, 'json/lone-surrogate'));
}

/** null: it is not UTF-8. */
function decoded(raw: Bytes): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    return null;
  }
}

/** undefined: it is no JSON. */
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

/** Points to the first text with a surrogate that is alone, or to the object with such a key. */
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
