/** JSON Schema, of which the schema of plans is made. */
import type { Json } from '../../kernel/json.js';

/** A JSON Schema (draft-07). */
export type JsonSchema = { readonly [keyword: string]: Json };

/** Adds a condition: if `member` has `value`, the object must also match `schema`. */
export function when(member: string, value: string, schema: JsonSchema): JsonSchema {
  return Object.fromEntries([
    ['if', { properties: { [member]: { const: value } } }],
    ['then', schema],
  ]);
}
