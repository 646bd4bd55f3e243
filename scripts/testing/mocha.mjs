import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../lib/root.mjs';
import { ending } from '../lib/run.mjs';
import { say } from '../lib/say.mjs';
import { filesToRunTogether, mochaArguments } from './files.mjs';
import { temporaryFolder } from './temporary-folder.mjs';
import { runTogether } from './together.mjs';
import { warningsIn } from './warnings.mjs';

const MINUTE_MS = 60_000;
/**
 * Less than the 90 minutes that a CI run may take, so that the coverage report can still be
 * written.
 */
const RUN_LIMIT_MS = 80 * MINUTE_MS;
/**
 * The time for a process to end after its last test: it writes its coverage. The reporter tells
 * sooner what is still open.
 */
const ENDING_LIMIT_MS = 2 * MINUTE_MS;
const POLL_MS = 500;

/**
 * `reasons`: why something failed, in texts of one or more lines. `leftOpen`: what kept the process
 * from ending after its last test.
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {number} pending
 * @property {boolean} ended
 * @property {string[]} reasons
 * @property {string} [leftOpen]
 */

/**
 * Runs mocha with these arguments, or many files in several processes, and counts. What mocha
 * cannot report itself counts as one failure: a crash, a hang, a process that does not end after
 * its last test, a run without tests, and each warning of an experimental or deprecated API.
 * @param {object} run
 * @param {readonly string[]} run.args
 * @param {string | null} run.coverageFolder
 * @param {Record<string, string>} [run.env]
 * @param {number} [run.limitMs]
 * @returns {Promise<Tally>}
 */
export async function runMocha({ args, coverageFolder, env: more = {}, limitMs = RUN_LIMIT_MS }) {
  const temporary = temporaryFolder({ ...process.env, ...more });
  const folder = mkdtempSync(join(temporary, 'pfcng-test-'));
  const warnings = join(folder, 'warnings.txt');
  const env = {
    ...more,
    TMPDIR: temporary,
    // What is made once for all processes of the run: test/support/ceremony/hierarchy.ts.
    PFCNG_TEST_SHARED: folder,
    NODE_REDIRECT_WARNINGS: warnings,
    // Tests open tokens in their own process, which must not forbid core files to the processes
    // that it starts later.
    PFCNG_MEMORY_OPEN_TO: 'debuggers',
    ...(coverageFolder === null ? {} : { NODE_V8_COVERAGE: coverageFolder }),
  };
  const files = filesToRunTogether(args);
  const tally =
    files === null
      ? await runAlone(mochaArguments(args), { env, limitMs, tallyFile: join(folder, 'tally.json') })
      : await runTogether(files, env);
  const { failing, others } = warningsIn(warnings);
  for (const warning of others) say(`tests: Node warns: ${warning}`);
  rmSync(folder, { recursive: true, force: true });
  const reasons = failing.map((warning) => `  an experimental or deprecated API: ${warning}\n`);
  return { ...tally, failed: tally.failed + failing.length, reasons: [...tally.reasons, ...reasons] };
}

/**
 * @param {readonly string[]} args
 * @param {{ env: Record<string, string>, limitMs: number, tallyFile: string }} run
 * @returns {Promise<Tally>}
 */
async function runAlone(args, { env, limitMs, tallyFile }) {
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', 'node_modules/mocha/bin/mocha.js', '--reporter', 'scripts/testing/reporter.cjs', ...args],
    {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env, PFCNG_TEST_TALLY: tallyFile },
    },
  );
  const watch = watchdog(child, { tally: () => readTally(tallyFile), limitMs });
  const how = await ending(child);
  clearInterval(watch.timer);
  const verdict = judge({ tally: readTally(tallyFile), how, cutOff: watch.cutOff() });
  const reasons = verdict.complaint === null ? [] : [`  ${verdict.complaint}\n`];
  return { ...verdict.tally, reasons };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {{ tally: () => Tally, limitMs: number }} run
 */
function watchdog(child, { tally, limitMs }) {
  const startedMs = performance.now();
  let endedMs = Number.POSITIVE_INFINITY;
  /** @type {string | null} */
  let cutOff = null;
  const cut = (/** @type {string} */ why) => {
    cutOff = why;
    child.kill('SIGKILL');
  };
  const timer = setInterval(() => {
    const nowMs = performance.now();
    if (tally().ended) endedMs = Math.min(endedMs, nowMs);
    if (nowMs - endedMs > ENDING_LIMIT_MS) {
      cut(`the process did not end within ${ENDING_LIMIT_MS / MINUTE_MS} minutes of its last test`);
    } else if (nowMs - startedMs > limitMs) {
      cut(`stopped after ${limitMs / MINUTE_MS} minutes`);
    }
  }, POLL_MS);
  return { timer, cutOff: () => cutOff };
}

/**
 * @param {{ tally: Tally, how: number | string, cutOff: string | null }} seen
 * @returns {{ tally: Tally, complaint: string | null }}
 */
function judge({ tally, how, cutOff }) {
  const failedOnceMore = { ...tally, failed: tally.failed + 1 };
  if (cutOff !== null) return { tally: failedOnceMore, complaint: cutOff };
  if (tally.leftOpen)
    return { tally: failedOnceMore, complaint: `the process waited after its last test: ${tally.leftOpen}` };
  if (!tally.ended) return { tally: failedOnceMore, complaint: `mocha ended with ${how} before the last test` };
  if (tally.passed + tally.failed === 0) return { tally: failedOnceMore, complaint: 'no test was executed' };
  if (how !== 0 && tally.failed === 0) return { tally: failedOnceMore, complaint: `mocha ended with ${how}` };
  return { tally, complaint: null };
}

/** @param {string} file @returns {Tally} */
function readTally(file) {
  const none = { passed: 0, failed: 0, pending: 0, ended: false, reasons: [] };
  try {
    return { ...none, ...JSON.parse(readFileSync(file, 'utf8')) };
  } catch {
    // The file does not exist yet or is half written; it is read again.
    return none;
  }
}
