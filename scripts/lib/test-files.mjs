import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { ROOT } from './root.mjs';
import { StepFailed } from './say.mjs';
import { readArguments } from './test-arguments.mjs';

/**
 * Which test files are run by whom. The whole set is run by several processes, each of which takes the next file when it has ended one:
 * a process alone waits for disks, tokens and deadlines half of the time. Each file starts databases and services of its own.
 */

/**
 * What says how soon a signer is back, or what a silent client costs, is about an own machine: one process has these, and whatever runs
 * beside it gives way (nice).
 */
const TIMED = [
  'fault/group-faults',
  'fault/hsm-faults',
  'integration/attack/ocsp-flood',
  'integration/hsm/remedies',
  'integration/hsm/signers',
].map((name) => `${name}.test.js`);

/** The longest first, so that none of them is begun when the others end. */
const LONGEST = [
  'fault/ports/ports-postgresql',
  'fault/ports/ports-sqlite',
  'fault/kill',
  'integration/ceremony/power-cuts',
  'integration/ceremony/rehearsal',
  'integration/crl/histories',
  'integration/db/postgresql-server',
  'conformance/paths',
  'fault/mass-revocation',
  'integration/service/publication/responder',
  'conformance/zlint',
].map((name) => `${name}.test.js`);

/**
 * Arguments of `npm test --` for mocha: names of sources become names of outputs (`test/tidy.test.ts`, `test/unit/lint`).
 * @param {readonly string[]} args
 * @returns {readonly string[]}
 */
export function mochaArguments(args) {
  const read = readArguments(args);
  const translated = read.map(({ text, is }) => (is === 'path' ? outputOf(text) : text));
  return read.some(({ is }) => is === 'path') ? translated : [...translated, 'dist/test/**/*.test.js'];
}

/** @param {string} given @returns {string} */
function outputOf(given) {
  const path = given.replace(/^\.\//, '').replace(/\/$/, '');
  if (/^dist\/test\b/.test(path)) return given;
  if (!/^test(\/|$)/.test(path) || !existsSync(join(ROOT, path))) {
    // mocha would take it for nothing, and run the whole set.
    throw new StepFailed({ message: `${given}: there is no such test file or folder`, next: ['see test/README.md'] });
  }
  const isFolder = statSync(join(ROOT, path)).isDirectory();
  return isFolder ? `dist/${path}/**/*.test.js` : `dist/${path.replace(/\.ts$/, '.js')}`;
}

/** @returns {{ readonly timed: readonly string[], readonly others: readonly string[] }} all files, in the order of their being run */
export function allFiles() {
  const names = readdirSync(join(ROOT, 'dist/test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => name.split(sep).join('/'))
    .sort();
  const strange = [...TIMED, ...LONGEST].filter((name) => !names.includes(name));
  if (strange.length > 0)
    throw new Error(`no such test file: ${strange.join(', ')}; see the lists in scripts/lib/test-files.mjs`);
  const first = [...TIMED, ...LONGEST];
  const pathOf = (/** @type {string} */ name) => `dist/test/${name}`;
  return {
    timed: TIMED.map(pathOf),
    others: [...LONGEST, ...names.filter((name) => !first.includes(name))].map(pathOf),
  };
}
