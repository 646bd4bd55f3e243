import './lib/node-version.mjs';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { missing, needed } from './lib/needs.mjs';
import { prepare } from './lib/prepare.mjs';
import { ROOT } from './lib/root.mjs';
import { explain, say } from './lib/say.mjs';
import { readArguments, testPaths, USAGE } from './testing/arguments.mjs';
import { LONG_FILES } from './testing/long-files.mjs';
import { runMocha } from './testing/mocha.mjs';

/**
 * `npm test [-- [--coverage] [mocha's arguments, test files or folders]]` runs all tests but the
 * long files, or those that are named (`npm test -- test`: all of them). It says what these tests
 * need, installs what is missing of it, builds, and runs the tests. At the end it prints why
 * something failed. The last line is always `N passed, N failed`. `--help` prints the usage and
 * runs nothing.
 */
const COVERAGE = 'coverage/raw';

/** @returns {Promise<import('./testing/mocha.mjs').Tally>} */
async function test() {
  const args = process.argv.slice(2).filter((arg) => arg !== '--coverage');
  const withCoverage = process.argv.includes('--coverage');
  const wanted = { purposes: [], tests: testPaths(args) };
  say(whatTestsNeed(wanted));
  await prepare({ ...wanted, build: false });
  readArguments(args);
  await prepare({ ...wanted, build: true });
  if (args.length === 0)
    say(`all tests but ${LONG_FILES.length} long files; npm test -- test runs these too, as CI does`);
  const coverageFolder = withCoverage ? join(ROOT, COVERAGE) : null;
  if (coverageFolder !== null) rmSync(coverageFolder, { recursive: true, force: true });
  const tally = await runMocha({ args, coverageFolder });
  const complaint = withCoverage ? reportCoverage() : null;
  if (complaint === null) return tally;
  return { ...tally, failed: tally.failed + 1, reasons: [...tally.reasons, `  ${complaint}\n`] };
}

/**
 * @param {import('./lib/needs.mjs').WantedTools & { tests: readonly string[] }} wanted
 * @returns {string}
 */
function whatTestsNeed(wanted) {
  const nameOf = (/** @type {import('./lib/needs.mjs').Need} */ { what }) => what.replace(/ \(.*/, '');
  const absent = missing(wanted).map(nameOf);
  const state = absent.length === 0 ? 'all are installed' : `not yet installed: ${absent.join(', ')}`;
  return `${wanted.tests.join(' ')}: needs ${needed(wanted).map(nameOf).join(', ')}; ${state}`;
}

/**
 * Prints the summary and leaves `coverage/lcov.info`.
 * @returns {string | null} `null`: it is there; otherwise why not
 */
function reportCoverage() {
  const { status, signal } = spawnSync(
    process.execPath,
    ['node_modules/c8/bin/c8.js', 'report', '--temp-directory', COVERAGE],
    {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  return status === 0 ? null : `the coverage report could not be made: c8 ended with ${status ?? signal}`;
}

if (process.argv.slice(2).some((arg) => arg === '--help' || arg === '-h')) {
  process.stdout.write(`${USAGE.join('\n')}\n`);
  process.exit();
}
const tally = await test().catch((error) => {
  explain(error);
  return { passed: 0, failed: 1, pending: 0, ended: false, reasons: [] };
});
if (tally.pending > 0) say(`tests: ${tally.pending} are pending and were not executed`);
if (tally.reasons.length > 0) process.stdout.write(`\n== why tests failed\n\n${tally.reasons.join('\n')}`);
process.exitCode = tally.failed > 0 ? 1 : 0;
process.stdout.write(`${tally.passed} passed, ${tally.failed} failed\n`);
