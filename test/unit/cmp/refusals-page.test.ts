/**
 * The table of refusals in ops/cmp-conformance.md. Without this test a row could name a test that
 * does not exist, and a check could have no row.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from '../../../src/cmp/checks/verify-message.js';
import { packageRoot } from '../../../src/package/package-root.js';

const [, SECTION = ''] = readFileSync(join(packageRoot(), 'ops', 'cmp-conformance.md'), 'utf8').split(
  '\n## Refusals\n',
);
const ROWS = SECTION.split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim()));

/** `unit/cmp/malformed`: _a title_, _another one_ */
function namedIn(tests: string): readonly (readonly [string, readonly string[]])[] {
  return tests.split(/; (?=`)/).map((one) => {
    const [, file = '', titles = ''] = /^`([\w/-]+)`: (.+)$/.exec(one) ?? assert.fail(one);
    return [file, titles.slice(1, -1).split('_, _')] as const;
  });
}

describe('the table of refusals of CMP', () => {
  it('has a row for each check of every message, in their order', () => {
    const checks = ROWS.flatMap(([, what = '']) => /^[A-C]\d+(?=:)/.exec(what)?.[0] ?? []);
    const own = CHECKS.map(({ id }) => id as string);
    assert.deepEqual(new Set(checks), new Set(['A1', ...own]));
    assert.deepEqual(checks, [...new Set(checks)]);
  });

  it('names tests that exist', () => {
    assert.ok(ROWS.length > 50, String(ROWS.length));
    const missing = ROWS.flatMap(([, what, , tests = '']) =>
      namedIn(tests).flatMap(([file, titles]) => {
        const path = join(packageRoot(), 'test', `${file}.test.ts`);
        if (!existsSync(path)) return [`${what}: ${file}`];
        const source = readFileSync(path, 'utf8');
        const isThere = (title: string): boolean =>
          ["'", '`'].some((quote) => source.includes(`${quote}${title}`)) || source.includes(`\n  ${title}: `);
        return titles.filter((title) => !isThere(title)).map((title) => `${what}: ${file}: ${title}`);
      }),
    );
    assert.deepEqual(missing, []);
  });
});
