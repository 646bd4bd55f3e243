import assert from 'node:assert/strict';

import type { RuleSource } from '../../../src/lint/rule.js';

/**
 * Declares the tests that every rule of a list must pass, one test per rule. A rule that was only
 * just scaffolded (`npm run new:lint`) then fails under its own name, and no other rule does.
 */
export function describeEachRule(
  rules: readonly RuleSource[],
  { broken, prefix }: { readonly broken: readonly { readonly rule: string }[]; readonly prefix: string },
): void {
  const described: ReadonlySet<string> = new Set(broken.map(({ rule }) => rule));
  for (const { name, citation, effective } of rules) {
    it(`${name}: cites a source and a day, and test/vectors/lint describes what breaks it`, () => {
      assert.match(name, new RegExp(`^[ew]_${prefix}[a-z0-9_]+$`));
      assert.match(citation, /\S{3}/, 'no source is cited');
      assert.match(effective, /^\d{4}-\d\d-\d\d$/);
      assert.ok(described.has(name), 'test/vectors/lint describes nothing that breaks it');
    });
  }
}
