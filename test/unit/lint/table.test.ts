import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/config/paths.js';
import { lintTable, withoutLayout } from '../../support/lint-table.js';

describe('ops/lint-rules.md', () => {
  it('lists every rule as it is: npm run lint-table writes it anew', () => {
    const written = readFileSync(join(packageRoot(), 'ops/lint-rules.md'), 'utf8');
    assert.equal(withoutLayout(written), withoutLayout(lintTable()));
  });
});
