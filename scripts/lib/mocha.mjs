import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './root.mjs';
import { ending } from './run.mjs';
import { say } from './say.mjs';
import { allFiles, mochaArguments } from './test-files.mjs';
import { runTogether } from './tests-together.mjs';

const MINUTE_MS = 60_000;
/** Under the 90 minutes that a CI run may take, with room for the coverage report. */
const RUN_LIMIT_MS = 80 * MINUTE_MS;
/** What a process may take to end after its last test: it writes its coverage. What it forgot it says before. */
const ENDING_LIMIT_MS = 2 * MINUTE_MS;
const POLL_MS = 500;

/**
 * `leftOpen`: what kept the process from ending after its last test.
 * @typedef {{ passed: number, failed: number, pending: number, ended: boolean, leftOpen?: string }} Tally
 */

/**
 * Runs mocha with these arguments, or the whole set in several processes, and counts. What mocha cannot say of itself counts as one
 * failure: a crash, a hang, a process that does not end after its last test because a test forgot something, a run without tests.
 * @param {{ args: readonly string[], coverageFolder: string | null }} run
 * @returns {Promise<Tally>}
 */
export function runMocha({ args, coverageFolder }) {
  const env = {
    // Tests open tokens in their process too: what it starts later may still be allowed core files.
    PFCNG_MEMORY_OPEN_TO: 'debuggers',
    ...(coverageFolder === null ? {} : { NODE_V8_COVERAGE: coverageFolder }),
  };
  return args.length === 0 ? runTogether(allFiles(), env) : runAlone(mochaArguments(args), env);
}

/**
 * @param {readonly string[]} args @param {Record<string, string>} env
 * @returns {Promise<Tally>}
 */
async function runAlone(args, env) {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-test-'));
  const tallyFile = join(folder, 'tally.json');
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', 'node_modules/mocha/bin/mocha.js', '--reporter', 'scripts/lib/reporter.cjs', ...args],
    {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env, PFCNG_TEST_TALLY: tallyFile },
    },
  );
  const watch = watchdog(child, () => readTally(tallyFile));
  const how = await ending(child);
  clearInterval(watch.timer);
  const verdict = judge({ tally: readTally(tallyFile), how, cutOff: watch.cutOff() });
  if (verdict.complaint !== null) say(`tests: ${verdict.complaint}`);
  rmSync(folder, { recursive: true, force: true });
  return verdict.tally;
}

/** @param {import('node:child_process').ChildProcess} child @param {() => Tally} tally */
function watchdog(child, tally) {
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
    } else if (nowMs - startedMs > RUN_LIMIT_MS) {
      cut(`stopped after ${RUN_LIMIT_MS / MINUTE_MS} minutes`);
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
  const none = { passed: 0, failed: 0, pending: 0, ended: false };
  try {
    return { ...none, ...JSON.parse(readFileSync(file, 'utf8')) };
  } catch {
    return none; // not there yet, or half written: the next look sees it
  }
}
