import './lib/node-version.mjs';
import { prepare } from './lib/prepare.mjs';
import { explain } from './lib/say.mjs';

/**
 * `npm start` prepares what is missing, then runs the `pfcng` command in this process. It runs
 * before node_modules exists, and so imports no dependencies.
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
// A resource that is still open now was left open by mistake: it may finish writing, but must not
// keep the process running.
setTimeout(() => process.exit(), EXIT_GRACE_MS).unref();
