import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STRICT_DER } from '../../../src/lint/certificate/lint.js';
import { AUTHORITY_RULES, CERTIFICATE_RULES, LINK_RULES } from '../../../src/lint/certificate/lists/platform.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { lintTable, withoutLayout } from '../../support/lint/rules-table.js';
import { standardsTable } from '../../support/lint/standards-table.js';
import { zlintTable } from '../../support/lint/zlint-table.js';
import { STANDARDS } from '../../vectors/lint/standards.js';

/** The rows of rules by name, so that each can have a test, and all other lines. */
function linesOf(page: string): { readonly rows: ReadonlyMap<string, string>; readonly others: readonly string[] } {
  const lines = withoutLayout(page).split('\n');
  const ruleOf = (line: string): string | undefined => /^\| `([ew]_\w+)` \|/.exec(line)?.[1];
  const rows = lines.flatMap((line): readonly [string, string][] => {
    const rule = ruleOf(line);
    return rule === undefined ? [] : [[rule, line]];
  });
  return { rows: new Map(rows), others: lines.filter((line) => ruleOf(line) === undefined) };
}

describe('ops/lint-standards.md', () => {
  it('is up to date with the table of clauses (npm run lint-table writes it)', () => {
    const written = readFileSync(join(packageRoot(), 'ops/lint-standards.md'), 'utf8');
    assert.equal(withoutLayout(written), withoutLayout(standardsTable()));
  });

  const all = new Set([STRICT_DER, ...CERTIFICATE_RULES, ...AUTHORITY_RULES, ...LINK_RULES].map(({ name }) => name));
  const named = new Set(STANDARDS.flatMap(({ clauses }) => clauses.flatMap(({ rules }) => rules)));

  it('names only rules that exist', () => {
    assert.deepEqual(
      [...named].filter((rule) => !all.has(rule)),
      [],
    );
  });

  /** RFC 4518 and RFC 9525 require these; the tables cover neither. */
  const elsewhere = ['e_subject_has_no_invisible_characters', 'e_dns_names_begin_with_common_name'];
  for (const rule of all) {
    if (rule.startsWith('e_cps_')) continue;
    const isElsewhere = elsewhere.includes(rule);
    it(`${rule}: ${isElsewhere ? 'no clause of the tables' : 'a clause of a public standard'} asks for it`, () => {
      assert.equal(named.has(rule), !isElsewhere, 'test/vectors/lint/standards.ts has the clauses');
    });
  }
});

describe('ops/lint-zlint.md', () => {
  it('is up to date with the table of zlint (npm run lint-table writes it)', () => {
    const written = readFileSync(join(packageRoot(), 'ops/lint-zlint.md'), 'utf8');
    assert.equal(withoutLayout(written), withoutLayout(zlintTable()));
  });
});

describe('ops/lint-rules.md', () => {
  const written = linesOf(readFileSync(join(packageRoot(), 'ops/lint-rules.md'), 'utf8'));
  const current = linesOf(lintTable());

  for (const [rule, row] of current.rows) {
    it(`${rule}: has its row; npm run lint-table writes it`, () => {
      assert.equal(written.rows.get(rule), row);
    });
  }

  it('has no other row and no other text (npm run lint-table writes it)', () => {
    assert.deepEqual(
      [...written.rows.keys()].filter((rule) => !current.rows.has(rule)),
      [],
    );
    assert.deepEqual(written.others, current.others);
  });
});
