import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './root.mjs';
import { StepFailed, say } from './say.mjs';

const TAIL_LINES = 30;
const HEARTBEAT_MS = 15_000;

/**
 * Runs a long command with its output in a log, a sign of life every 15 s, and the end of the log
 * on failure. The log is removed when the command succeeds.
 * @param {{ title: string, command: string, args: readonly string[], next: readonly string[],
 * env?: Record<string, string> }} step
 */
export async function runLogged({ title, command, args, next, env = {} }) {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-'));
  const log = join(folder, 'output.log');
  const startedMs = performance.now();
  const seconds = () => ((performance.now() - startedMs) / 1000).toFixed(1);
  const heartbeat = setInterval(() => say(`  ${title}: still running, ${seconds()} s`), HEARTBEAT_MS);
  const out = openSync(log, 'w', 0o600);
  try {
    const ended = await ending(
      spawn(command, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', out, out] }),
    );
    if (ended !== 0) {
      throw new StepFailed({
        message: `${title}: \`${[command, ...args].join(' ')}\` ended with ${ended}. The whole output is in ${log}.`,
        seen: tail(readFileSync(log, 'utf8')),
        next,
      });
    }
    say(`  ${title}: done in ${seconds()} s`);
    rmSync(folder, { recursive: true, force: true });
  } finally {
    clearInterval(heartbeat);
    closeSync(out);
  }
}

/**
 * Waits for a child process, and passes signals to stop on to it.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number | string>} its exit code, or what ended it: a signal, or why it could
 * not start
 */
export function ending(child) {
  return new Promise((resolve) => {
    const stop = (/** @type {NodeJS.Signals} */ signal) => {
      child.kill(signal);
      process.exitCode = signal === 'SIGINT' ? 130 : 143;
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    const settle = (/** @type {number | string} */ how) => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      resolve(how);
    };
    child.once('error', (error) => settle(error.message));
    child.once('exit', (code, signal) => settle(code ?? signal ?? 'an unknown end'));
  });
}

/** @param {string} text */
export function tail(text, lines = TAIL_LINES) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
