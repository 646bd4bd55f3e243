import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { ROOT } from '../lib/root.mjs';
import { StepFailed } from '../lib/say.mjs';
import { readArguments } from './arguments.mjs';
import { LONG_FILES } from './long-files.mjs';

/**
 * Decides which process runs which test files. Several processes run the whole set, and each takes
 * the next file when its last one is over, because one process alone waits for disks, tokens and
 * timeouts half of the time.
 */

/** From this number of files on, several processes run them. Fewer start sooner in one process. */
const TOGETHER_MIN = 20;

/**
 * These tests count what happens within the timeouts of the product: one process has them, and the
 * others run nice.
 */
const TIMED = [
  'fault/group-faults',
  'fault/hsm-faults',
  'integration/attack/ocsp-flood',
  'integration/hsm/remedies',
  'integration/hsm/signers',
].map((name) => `${name}.test.js`);

/**
 * The services that several files of a process share (`test/support/service/shared.ts`): few
 * processes run these files, because each of them starts its own services, which take processor
 * time until they are stopped.
 */
const SHARES_SERVICES = /(?:service\/(?:describe-service|shared)|browser\/describe-console)\.js'/;

/**
 * Arguments of `npm test --` for mocha: names of sources become names of outputs
 * (`test/tidy.test.ts`, `test/unit/lint`).
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
    // mocha would ignore it and run the whole set.
    throw new StepFailed({ message: `${given}: no such test file or folder`, next: ['see test/README.md'] });
  }
  const isFolder = statSync(join(ROOT, path)).isDirectory();
  return isFolder ? `dist/${path}/**/*.test.js` : `dist/${path.replace(/\.ts$/, '.js')}`;
}

/**
 * The files that several processes shall run: all but the long ones without arguments, all of the
 * folders named where they are many. `null`: mocha runs in one process, because there are few files
 * or options of mocha.
 * @param {readonly string[]} args
 * @returns {TestFiles | null}
 */
export function filesToRunTogether(args) {
  const all = allFiles();
  if (args.length === 0) return withoutLongFiles(all);
  const read = readArguments(args);
  if (read.some(({ is }) => is !== 'path')) return null;
  const patterns = read.map(({ text }) => outputOf(text).replace(/\*\*.*$/, ''));
  const isNamed = (/** @type {string} */ file) => patterns.some((pattern) => file.startsWith(pattern));
  const [timed, sharing, others] = [all.timed, all.sharing, all.others].map((files) => files.filter(isNamed));
  if (timed === undefined || sharing === undefined || others === undefined) return null;
  return timed.length + sharing.length + others.length < TOGETHER_MIN ? null : { timed, sharing, others };
}

/** @param {TestFiles} all @returns {TestFiles} */
function withoutLongFiles({ timed, sharing, others }) {
  const long = new Set(LONG_FILES.map(pathOf));
  const usual = (/** @type {readonly string[]} */ files) => files.filter((file) => !long.has(file));
  return { timed: usual(timed), sharing: usual(sharing), others: usual(others) };
}

/** @param {string} name below the folder of tests */
const pathOf = (name) => `dist/test/${name}`;

/**
 * All test files, in the order of their run. The longest come first, so that none of them starts
 * when the others are over.
 * @typedef {object} TestFiles
 * @property {readonly string[]} timed
 * @property {readonly string[]} sharing those that share services
 * @property {readonly string[]} others
 * @returns {TestFiles}
 */
export function allFiles() {
  const names = readdirSync(join(ROOT, 'dist/test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => name.split(sep).join('/'))
    .sort();
  const unknown = [...TIMED, ...LONG_FILES].filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(`no such test file: ${unknown.join(', ')}; see files.mjs and long-files.mjs in scripts/testing`);
  const untimed = [...new Set([...LONG_FILES, ...names])].filter((name) => !TIMED.includes(name)).map(pathOf);
  return {
    timed: TIMED.map(pathOf),
    sharing: untimed.filter(sharesServices),
    others: untimed.filter((file) => !sharesServices(file)),
  };
}

/** @param {string} file from the root @returns {boolean} */
export function sharesServices(file) {
  return SHARES_SERVICES.test(readFileSync(join(ROOT, file), 'utf8'));
}
