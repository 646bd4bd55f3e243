import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, inspect } from 'node:util';
import Mocha from 'mocha';
import { ROOT } from '../lib/root.mjs';
import { failOnUnhandledRejections, openThings } from './test-process.cjs';
import { FILE_END } from './whole-files.mjs';

/**
 * A process that runs test files one after the other, as its parent sends them (`together.mjs`).
 * After each test it reports how many tests of the file passed, failed and are pending, and why one
 * failed.
 */

/** A process in which nothing is left open ends at once after its last file. */
const LINGER_LIMIT_MS = 15_000;

/** These options are written as those of mocha's command line. */
const { timeout, 'forbid-only': forbidOnly } = JSON.parse(readFileSync(join(ROOT, '.mocharc.json'), 'utf8'));

class FileReporter extends Mocha.reporters.Spec {
  /** @param {import("mocha").Runner} runner @param {import("mocha").MochaOptions} all */
  constructor(runner, all) {
    super(runner, all);
    const tally = { passed: 0, failed: 0, pending: 0 };
    const count = (/** @type {'passed' | 'failed' | 'pending'} */ kind) => () => {
      tally[kind] += 1;
      say({ tally });
    };
    runner.on('pass', count('passed'));
    runner.on('fail', count('failed'));
    // Sent at once, because the process may die before the end of its file.
    runner.on('fail', (/** @type {import("mocha").Test} */ test) => say({ failures: listOf([test]) }));
    runner.on('pending', count('pending'));
  }

  /** Prints nothing: totals and failures of all files are printed at the end. @override */
  epilogue() {}
}

/** The failures as mocha prints them. @param {import("mocha").Test[]} failures */
function listOf(failures) {
  const { Base } = Mocha.reporters;
  const { consoleLog } = Base;
  let text = '';
  Base.consoleLog = (...args) => {
    text += `${format(...args)}\n`;
  };
  Base.list(failures);
  Base.consoleLog = consoleLog;
  return text;
}

/** @param {object} message */
function say(message) {
  process.send?.(message);
}

/** @param {string} file */
async function run(file) {
  const mocha = new Mocha({
    timeout,
    forbidOnly,
    reporter: FileReporter,
    color: process.env.PFCNG_TEST_COLOR === 'yes',
  });
  mocha.addFile(join(ROOT, file));
  await mocha.loadFilesAsync();
  await new Promise((resolve) => mocha.run(resolve));
  // Otherwise its listeners would throw the rejections of the next file's tests.
  mocha.dispose();
  process.stdout.write(FILE_END);
}

/** See `test/support/after-last-test.ts`. @type {(() => Promise<void>)[]} */
const afterLastTest = [];
/** Stops the services that files share. @type {(() => Promise<void>)[]} */
const afterSharing = [];
Object.assign(globalThis, {
  [Symbol.for('pfcng.after-last-test')]: afterLastTest,
  [Symbol.for('pfcng.after-sharing')]: afterSharing,
});
failOnUnhandledRejections();
process.on('message', (/** @type {{ file: string | null, sharesServices: boolean }} */ message) => {
  next(message).catch(giveUp);
});

/** @param {{ file: string | null, sharesServices: boolean }} message */
async function next({ file, sharesServices }) {
  // A service that is not used takes some 2 % of a processor.
  if (!sharesServices) for (const work of afterSharing) await work();
  if (file === null) return end();
  await run(file);
  say({ next: true });
}

say({ next: true });

/** Ends the process when a file cannot be loaded. @param {unknown} error @returns {never} */
function giveUp(error) {
  process.stderr.write(`${inspect(error)}\n`);
  process.exit(1);
}

async function end() {
  for (const work of afterLastTest) await work();
  // A process that ends, or still writes its coverage, never gets here; one that waits does.
  setTimeout(() => {
    process.stderr.write(`tests: a process waited after its last test: ${openThings()}\n`);
    process.exit(1);
  }, LINGER_LIMIT_MS).unref();
  process.disconnect();
}
