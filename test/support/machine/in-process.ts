/**
 * Runs `pfcng` commands in the process of a test, one after the other, which is much cheaper than a
 * process for each. For commands that end by themselves and start nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../src/cli/main.js';

export type CommandOutcome = { readonly status: number; readonly stdout: string; readonly stderr: string };

/** `folder`: the working folder. */
export type CommandPlace = { readonly home: string; readonly configFile?: string; readonly folder: string };

export async function runInProcess(
  { home, configFile, folder }: CommandPlace,
  argv: readonly string[],
): Promise<CommandOutcome> {
  const before = { cwd: process.cwd(), exitCode: process.exitCode, env: { ...process.env } };
  const writes = { out: process.stdout.write, err: process.stderr.write };
  const said = { out: '', err: '' };
  const hear = (where: 'out' | 'err') =>
    ((text: string | Uint8Array) => {
      said[where] += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
      return true;
    }) as typeof process.stdout.write;
  process.env.PFCNG_HOME = home;
  if (configFile === undefined) delete process.env.PFCNG_CONFIG;
  else process.env.PFCNG_CONFIG = configFile;
  process.chdir(folder);
  process.stdout.write = hear('out');
  process.stderr.write = hear('err');
  process.exitCode = 0;
  try {
    const status = await main(argv);
    return { status, stdout: said.out, stderr: said.err };
  } finally {
    process.stdout.write = writes.out;
    process.stderr.write = writes.err;
    process.exitCode = before.exitCode;
    process.chdir(before.cwd);
    for (const name of ['PFCNG_HOME', 'PFCNG_CONFIG']) {
      const value = before.env[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** An empty folder without an installation, and a home folder that does not exist. */
export function makeEmptyPlace(): CommandPlace & { readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-commands-'));
  return { home: join(folder, 'nowhere'), folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
