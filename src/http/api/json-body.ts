import type { Bytes } from '../../kernel/bytes.js';
import { duplicateKeys } from '../../kernel/duplicate-keys.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Violation, violation } from '../../texts/text.js';

type MalformedBody = { readonly kind: 'body-malformed'; readonly violations: readonly Violation[] };

/**
 * Reads JSON as others read it too: in UTF-8, without a byte order mark (RFC 8259 8.1), and without
 * duplicate keys. The number of values is limited, because each of them can violate the schema, and
 * describing tens of thousands of violations would block the event loop.
 */
export function parseJson(raw: Bytes): Result<unknown, MalformedBody> {
  try {
    const json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
    const value: unknown = JSON.parse(json);
    const max = LIMITS.jsonValuesMax;
    if (valuesIn(value) > max) return malformed(violation('', 'json-values', { max }));
    const [pointer] = duplicateKeys(json);
    return pointer === undefined ? ok(value) : malformed(violation(pointer, 'member-once'));
  } catch {
    return malformed(violation('', 'json'));
  }
}

/** Counts the value itself, and all members and elements in it. */
function valuesIn(value: unknown): number {
  const found = [value];
  for (const one of found) if (typeof one === 'object' && one !== null) found.push(...Object.values(one));
  return found.length;
}

function malformed(found: Violation): Result<never, MalformedBody> {
  return err({ kind: 'body-malformed', violations: [found] });
}
