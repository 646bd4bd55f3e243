import './lib/node-version.mjs';
import { prepare } from './lib/prepare.mjs';
import { explain } from './lib/say.mjs';

/**
 * `npm start`: prepares what is missing, then hands over to the `pfcng` command in this same process.
 * Runs before node_modules exists: no dependencies here.
 */
const EXIT_GRACE_MS = 2_000;

/** @returns {Promise<number>} exit code */
async function start() {
  try {
    await prepare({ purposes: ['run'], build: true });
  } catch (error) {
    explain(error);
    return Number(process.exitCode ?? 1);
  }
  /** @type {{ main: (argv: string[]) => Promise<number> }} */
  const cli = await import(new URL('../dist/bin/main.js', import.meta.url).href);
  return cli.main(['start', ...process.argv.slice(2)]);
}

process.exitCode = await start();
// What is still open now was forgotten by its owner; it may finish writing, but not keep the process.
setTimeout(() => process.exit(), EXIT_GRACE_MS).unref();
