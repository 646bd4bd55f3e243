import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { passParagraphs } from './paragraphs.mjs';
import { ROOT } from './root.mjs';
import { ending } from './run.mjs';
import { say } from './say.mjs';

const MINUTE_MS = 60_000;
/** Under the 90 minutes that a CI run may take, with room for the coverage report. */
const RUN_LIMIT_MS = 80 * MINUTE_MS;
/** What a process may take to end after its last test: it writes its coverage, while others run. What it forgot it says before. */
const ENDING_LIMIT_MS = 2 * MINUTE_MS;
const PIPE_LIMIT_MS = 2_000;
const POLL_MS = 500;

/**
 * `leftOpen`: what kept the process from ending after its last test.
 * @typedef {{ passed: number, failed: number, pending: number, ended: boolean, leftOpen?: string }} Tally
 */

/**
 * Runs mocha in a process for each lane and counts. What mocha cannot say of itself counts as one failure: a crash, a hang,
 * a process that does not end after its last test because a test forgot something, a run without tests.
 * @param {{ lanes: readonly import('./lanes.mjs').Lane[], coverageFolder: string | null }} run
 * @returns {Promise<Tally>}
 */
export async function runMocha({ lanes, coverageFolder }) {
  const together = lanes.length > 1;
  const tallies = await Promise.all(lanes.map((lane) => runLane({ ...lane, coverageFolder, together })));
  return tallies.reduce((sum, one) => ({
    passed: sum.passed + one.passed,
    failed: sum.failed + one.failed,
    pending: sum.pending + one.pending,
    ended: sum.ended && one.ended,
  }));
}

/**
 * @param {import('./lanes.mjs').Lane & { coverageFolder: string | null, together: boolean }} lane
 * @returns {Promise<Tally>}
 */
async function runLane({ args, nice, coverageFolder, together }) {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-test-'));
  const tallyFile = join(folder, 'tally.json');
  const color = together && process.stdout.isTTY ? ['--color'] : [];
  const child = spawn(
    process.execPath,
    [
      '--enable-source-maps',
      'node_modules/mocha/bin/mocha.js',
      '--reporter',
      'scripts/lib/reporter.cjs',
      ...color,
      ...args,
    ],
    {
      cwd: ROOT,
      stdio: ['ignore', together ? 'pipe' : 'inherit', 'inherit'],
      env: {
        ...process.env,
        PFCNG_TEST_TALLY: tallyFile,
        // Tests open tokens in this process too: what it starts later may still be allowed core files.
        PFCNG_MEMORY_OPEN_TO: 'debuggers',
        ...(coverageFolder === null ? {} : { NODE_V8_COVERAGE: coverageFolder }),
      },
    },
  );
  // What it starts has the same.
  if (child.pid !== undefined && nice > 0) setPriority(child.pid, nice);
  const watch = watchdog(child, () => readTally(tallyFile));
  const passed = child.stdout === null ? null : passParagraphs(child.stdout, (text) => process.stdout.write(text));
  const how = await ending(child);
  clearInterval(watch.timer);
  // What a test left behind may hold the pipe open.
  await Promise.race([passed, sleep(PIPE_LIMIT_MS, undefined, { ref: false })]);
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
export function judge({ tally, how, cutOff }) {
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
