/**
 * Without this test a mutant could name a guard or a test that was rewritten, and guard nothing.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../../src/package/package-root.js';
import { MUTANTS } from '../../mutants/all.js';

const script = pathToFileURL(join(packageRoot(), 'scripts/testing/changed-tree.mjs')).href;
const { countOf } = (await import(script)) as { readonly countOf: (source: string, find: string) => number };
const textOf = (path: string): string => readFileSync(join(packageRoot(), path), 'utf8');

describe('the mutants', () => {
  for (const [name, { file, find, replace, test, title }] of Object.entries(MUTANTS)) {
    it(`${name}: the guard and its test exist`, () => {
      assert.ok(existsSync(join(packageRoot(), file)), `no such file: ${file}`);
      assert.equal(countOf(textOf(file), find), 1, `occurrences in ${file} of: ${find}`);
      assert.notEqual(find, replace);
      assert.ok(existsSync(join(packageRoot(), test)), `no such file: ${test}`);
      assert.ok(
        [test, ...importedBy(test)].some((path) => titleIsIn(textOf(path), title)),
        `${test} has no title with: ${title}`,
      );
    });
  }
});

/** Files under test/ that this one imports: several test files may share their tests. */
function importedBy(test: string): readonly string[] {
  return [...textOf(test).matchAll(/from '(\.{1,2}\/[^']+)\.js'/g)]
    .map(([, path]) => normalize(join(dirname(test), `${path}.ts`)))
    .filter((path) => path.startsWith('test/'));
}

/** A title may be written with escaped quotes. */
function titleIsIn(source: string, title: string): boolean {
  return source.replaceAll("\\'", "'").includes(title);
}
