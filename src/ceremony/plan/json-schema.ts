/** The type of a JSON Schema, and a helper for the schema of plans. */
import type { Json } from '../../kernel/json.js';

/** A JSON Schema (draft-07), as a value that is written as JSON. */
export type JsonSchema = { readonly [keyword: string]: Json };

/** Returns the keywords of a condition: if `member` has `value`, the object must match `schema`. */
export function when(member: string, value: string, schema: JsonSchema): JsonSchema {
  return Object.fromEntries([
    ['if', { properties: { [member]: { const: value } } }],
    ['then', schema],
  ]);
}
