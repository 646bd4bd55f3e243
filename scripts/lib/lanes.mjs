import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

/**
 * The whole set is processes of mocha side by side: one alone waits for disks, tokens and deadlines half of the time. What is not
 * of the others is of the last, so that no file can be forgotten. Each starts databases and services of its own.
 */
const FAULTS = ['dist/test/fault/**/*.test.js', 'dist/test/integration/ceremony/**/*.test.js'];
/** They do little but wait: for a server to come back, for a token to be tried again. */
const WAITING = [
  'dist/test/integration/db/postgresql-{server,faults}.test.js',
  'dist/test/integration/hsm/unlock.test.js',
  'dist/test/integration/attack/degraded-start.test.js',
];
const ALL = 'dist/test/**/*.test.js';

/** @param {readonly string[]} patterns */
const without = (patterns) => patterns.flatMap((pattern) => ['--ignore', pattern]);

/**
 * Arguments of `npm test --` for mocha, a list for each process: names of sources become names of outputs
 * (`test/tidy.test.ts`, `test/unit/lint`); without any name, every test is meant.
 * @param {readonly string[]} args
 * @returns {readonly (readonly string[])[]}
 */
export function lanesOf(args) {
  if (args.length === 0 && availableParallelism() > 1)
    return [FAULTS, WAITING, [...without([...FAULTS, ...WAITING]), ALL]];
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
