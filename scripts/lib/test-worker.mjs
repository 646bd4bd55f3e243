import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, inspect } from 'node:util';
import Mocha from 'mocha';
import { ROOT } from './root.mjs';
import { failOnUnhandledRejections, openThings } from './test-process.cjs';
import { FILE_END } from './whole-files.mjs';

/**
 * A process that runs test files, one after the other, as its parent hands them out (`tests-together.mjs`), and says after each test how
 * many of the file passed, failed and are pending, and why it failed.
 */

/** After its last file a process with nothing forgotten ends at once. */
const LINGER_LIMIT_MS = 15_000;

/** Written as mocha's command line has them. */
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
    // Now: a process that dies before the end of its file has told why.
    runner.on('fail', (/** @type {import("mocha").Test} */ test) => say({ failures: listOf([test]) }));
    runner.on('pending', count('pending'));
  }

  /** In place of the totals of each file, and of failures that are printed at the end. @override */
  epilogue() {}
}

/** As mocha prints them. @param {import("mocha").Test[]} failures */
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
  // Otherwise it goes on listening, and throws what the next file's tests have to be told of.
  mocha.dispose();
  process.stdout.write(FILE_END);
}

/** See `test/support/after-last-test.ts`. @type {(() => Promise<void>)[]} */
const afterLastTest = [];
Object.assign(globalThis, { [Symbol.for('pfcng.after-last-test')]: afterLastTest });
failOnUnhandledRejections();
process.on('message', (/** @type {{ file: string | null }} */ { file }) => {
  if (file === null) end().catch(giveUp);
  else run(file).then(() => say({ next: true }), giveUp);
});
say({ next: true });

/** A file that cannot be loaded. @param {unknown} error @returns {never} */
function giveUp(error) {
  process.stderr.write(`${inspect(error)}\n`);
  process.exit(1);
}

async function end() {
  for (const work of afterLastTest) await work();
  // Never reached by a process that ends, nor by one that is busy ending (of a long run with coverage): only by one that waits.
  setTimeout(() => {
    process.stderr.write(`tests: a process waited after its last test: ${openThings()}\n`);
    process.exit(1);
  }, LINGER_LIMIT_MS).unref();
  process.disconnect();
}
