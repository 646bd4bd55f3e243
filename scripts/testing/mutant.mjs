import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ending } from '../lib/run.mjs';
import { changeTree } from './changed-tree.mjs';

const TEST_LIMIT_MS = 15 * 60_000;

/**
 * @typedef {object} Mutant as in test/mutants/mutant.ts
 * @property {string} file
 * @property {string} find
 * @property {string} replace
 * @property {string} test
 * @property {string} title
 * @property {string} [message]
 * @property {true} [whole]
 * @property {true} [hangs]
 */

/**
 * @typedef {{ title: string, fullTitle: string, err: { message?: string } }} Failure
 * @typedef {{ stats: { passes: number }, failures: readonly Failure[] }} Report
 */

/**
 * Makes the change in the copy, runs the test there, and takes the change back.
 * @param {string} tree a copy of the checkout
 * @param {Mutant} mutant
 * @returns {Promise<{ isKilled: boolean, seen: string }>}
 */
export async function runMutant(tree, mutant) {
  try {
    const takeBack = changeTree(tree, mutant);
    try {
      return await outcomeOf(tree, mutant);
    } finally {
      takeBack();
    }
  } catch (error) {
    return { isKilled: false, seen: String(error) };
  }
}

/**
 * @param {string} tree
 * @param {Mutant} mutant
 * @returns {Promise<{ isKilled: boolean, seen: string }>}
 */
async function outcomeOf(tree, { test, title, message = '', whole, hangs = false }) {
  const report = join(tree, 'mutant-report.json');
  rmSync(report, { force: true });
  const args = [
    '--enable-source-maps',
    'node_modules/mocha/bin/mocha.js',
    '--exit',
    ...(whole === true ? [] : ['--fgrep', title]),
    '--reporter',
    'json',
    '--reporter-option',
    `output=${report}`,
    `dist/${test.replace(/\.ts$/, '.js')}`,
  ];
  const env = { ...process.env, PFCNG_MEMORY_OPEN_TO: 'debuggers', PFCNG_FAULT_WAYS: '8' };
  const child = spawn(process.execPath, args, { cwd: tree, stdio: 'ignore', env });
  let isCutOff = false;
  const limit = setTimeout(() => {
    isCutOff = true;
    child.kill('SIGKILL');
  }, TEST_LIMIT_MS);
  const how = await ending(child);
  clearTimeout(limit);
  if (isCutOff) return { isKilled: hangs, seen: 'the test did not end' };
  if (!existsSync(report)) return { isKilled: false, seen: `mocha ended with ${how} and reported nothing` };
  /** @type {Report} */
  const { stats, failures } = JSON.parse(readFileSync(report, 'utf8'));
  const isKilled = failures.some(
    (failure) =>
      !failure.title.startsWith('"') &&
      failure.fullTitle.includes(title) &&
      (message === '' || JSON.stringify(failure.err).includes(message)),
  );
  const failed = failures.map(({ fullTitle, err }) => `${fullTitle} (${(err.message ?? '').split('\n')[0]})`);
  return { isKilled, seen: `${stats.passes} passed; failed: ${failed.join('; ') || 'none'}` };
}
