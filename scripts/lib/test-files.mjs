import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { ROOT } from './root.mjs';

/**
 * Which test files are run by whom. The whole set is run by several processes, each of which takes the next file when it has ended one:
 * a process alone waits for disks, tokens and deadlines half of the time. Each file starts databases and services of its own.
 */

/**
 * What says how soon a signer is back, or what a slow client costs, is about an own machine: one process has these, and whatever runs
 * beside it gives way (nice).
 */
const TIMED =
  /^(fault\/(hsm-faults|group-faults|slow-readers|overload)|integration\/(hsm\/(signers|remedies|pool)|attack\/ocsp-flood))\./;

/** The longest first, so that none of them is begun when the others end. */
const LONGEST = [
  'fault/ports/ports-postgresql',
  'fault/ports/ports-sqlite',
  'fault/kill',
  'integration/ceremony/rehearsal',
  'integration/crl/histories',
  'integration/db/postgresql-server',
  'conformance/paths',
  'fault/mass-revocation',
  'integration/service/responder',
  'conformance/zlint',
].map((name) => `${name}.test.js`);

/**
 * Arguments of `npm test --` for mocha: names of sources become names of outputs (`test/tidy.test.ts`, `test/unit/lint`).
 * @param {readonly string[]} args
 * @returns {readonly string[]}
 */
export function mochaArguments(args) {
  let named = false;
  const translated = args.map((arg) => {
    const path = arg.replace(/^\.\//, '').replace(/\/$/, '');
    if (/^dist\/test\b/.test(path)) named = true;
    if (!/^test(\/|$)/.test(path) || !existsSync(join(ROOT, path))) return arg;
    named = true;
    const isFolder = statSync(join(ROOT, path)).isDirectory();
    return isFolder ? `dist/${path}/**/*.test.js` : `dist/${path.replace(/\.ts$/, '.js')}`;
  });
  return named ? translated : [...translated, 'dist/test/**/*.test.js'];
}

/** @returns {{ readonly timed: readonly string[], readonly others: readonly string[] }} all files, in the order of their being run */
export function allFiles() {
  const names = readdirSync(join(ROOT, 'dist/test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => name.split(sep).join('/'))
    .sort();
  const others = names.filter((name) => !TIMED.test(name));
  const longest = LONGEST.filter((name) => others.includes(name));
  const pathOf = (/** @type {string} */ name) => `dist/test/${name}`;
  return {
    timed: names.filter((name) => TIMED.test(name)).map(pathOf),
    others: [...longest, ...others.filter((name) => !longest.includes(name))].map(pathOf),
  };
}
