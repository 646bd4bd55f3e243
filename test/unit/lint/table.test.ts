import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/config/paths.js';
import { STRICT_DER } from '../../../src/lint/certificate/lint.js';
import { AUTHORITY_RULES, CERTIFICATE_RULES } from '../../../src/lint/certificate/lists.js';
import { lintTable, withoutLayout } from '../../support/lint-table.js';
import { standardsTable } from '../../support/standards-table.js';
import { zlintTable } from '../../support/zlint-table.js';
import { STANDARDS } from '../../vectors/lint/standards.js';

describe('ops/lint-standards.md', () => {
  it('is the table of clauses: npm run lint-table writes it anew', () => {
    const written = readFileSync(join(packageRoot(), 'ops/lint-standards.md'), 'utf8');
    assert.equal(withoutLayout(written), withoutLayout(standardsTable()));
  });

  it('names rules that there are, and every one that is of a public standard', () => {
    const all = new Set([STRICT_DER, ...CERTIFICATE_RULES, ...AUTHORITY_RULES].map(({ name }) => name));
    const named = new Set(STANDARDS.flatMap(({ clauses }) => clauses.flatMap(({ rules }) => rules)));
    assert.deepEqual(
      [...named].filter((rule) => !all.has(rule)),
      [],
    );
    const elsewhere = ['e_subject_has_no_invisible_characters', 'e_dns_names_begin_with_common_name'];
    assert.deepEqual(
      [...all].filter((rule) => !rule.startsWith('e_cps_') && !named.has(rule)).sort(),
      elsewhere.sort(),
      'names that look alike and names of servers are asked for by RFC 4518 and RFC 9525',
    );
  });
});

describe('ops/lint-zlint.md', () => {
  it('is the table of what zlint has: npm run lint-table writes it anew', () => {
    const written = readFileSync(join(packageRoot(), 'ops/lint-zlint.md'), 'utf8');
    assert.equal(withoutLayout(written), withoutLayout(zlintTable()));
  });
});

describe('ops/lint-rules.md', () => {
  it('lists every rule as it is: npm run lint-table writes it anew', () => {
    const written = readFileSync(join(packageRoot(), 'ops/lint-rules.md'), 'utf8');
    assert.equal(withoutLayout(written), withoutLayout(lintTable()));
  });
});
