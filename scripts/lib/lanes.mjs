import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

/**
 * The whole set is two processes of mocha side by side: one alone waits for disks, tokens and deadlines half of the time. What
 * is not of the first is of the second, so that no file can be forgotten. Each starts databases and services of its own.
 */
const FIRST = ['dist/test/fault/**/*.test.js', 'dist/test/integration/ceremony/**/*.test.js'];
const ALL = 'dist/test/**/*.test.js';

/**
 * Arguments of `npm test --` for mocha, a list for each process: names of sources become names of outputs
 * (`test/tidy.test.ts`, `test/unit/lint`); without any name, every test is meant.
 * @param {readonly string[]} args
 * @returns {readonly (readonly string[])[]}
 */
export function lanesOf(args) {
  if (args.length === 0 && availableParallelism() > 1)
    return [FIRST, [...FIRST.flatMap((pattern) => ['--ignore', pattern]), ALL]];
  let named = false;
  const translated = args.map((arg) => {
    const path = arg.replace(/^\.\//, '').replace(/\/$/, '');
    if (/^dist\/test\b/.test(path)) named = true;
    if (!/^test(\/|$)/.test(path) || !existsSync(join(ROOT, path))) return arg;
    named = true;
    const isFolder = statSync(join(ROOT, path)).isDirectory();
    return isFolder ? `dist/${path}/**/*.test.js` : `dist/${path.replace(/\.ts$/, '.js')}`;
  });
  return [named ? translated : [...translated, ALL]];
}
