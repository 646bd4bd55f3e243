import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/config/paths.js';
import { lintTable, withoutLayout } from '../../support/lint-table.js';
import { zlintTable } from '../../support/zlint-table.js';

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
