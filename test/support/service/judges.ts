/**
 * Other people's programs as judges: OpenSSL, GnuTLS, zlint, curl. A small process of its own
 * starts them, because a fork copies the page tables of its process: with the 400 MB of one that
 * has run many test files it takes ten times the processor time.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { present } from '../../../src/kernel/assert.js';
import type { ProgramAnswer, ProgramCall } from '../machine/program-starter.js';

export type Verdict = {
  readonly status: number | null;
  /** Standard output, then standard error. */
  readonly output: string;
  readonly bytes: Buffer;
  /** As a person would type it. */
  readonly command: string;
};

const STARTER = fileURLToPath(new URL('../machine/program-starter.js', import.meta.url));

const waiting = new Map<number, (answer: ProgramAnswer) => void>();
let calls = 0;
let starter: ChildProcess | null = null;

export async function judge(program: string, args: readonly string[], input: Buffer | string = ''): Promise<Verdict> {
  const answer = await call({ program, args, input });
  if ('error' in answer) throw new Error(answer.error);
  const { status, stdout, stderr } = answer;
  const output = Buffer.concat([stdout, stderr]).toString('utf8');
  return { status, output, bytes: stdout, command: `${program} ${args.join(' ')}` };
}

export function openssl(...args: readonly string[]): Promise<Verdict> {
  return judge('openssl', args);
}

async function call(wanted: Omit<ProgramCall, 'id'>): Promise<ProgramAnswer> {
  starter ??= openStarter();
  const channel = present(starter.channel, 'an open channel');
  calls += 1;
  const id = calls;
  starter.send({ ...wanted, id } satisfies ProgramCall);
  channel.ref();
  const answer = await new Promise<ProgramAnswer>((resolve) => waiting.set(id, resolve));
  // This process may end while nothing is asked.
  if (waiting.size === 0) channel.unref();
  return answer;
}

function openStarter(): ChildProcess {
  const child = fork(STARTER, { execArgv: [], serialization: 'advanced' });
  child.on('message', (answer: ProgramAnswer) => {
    const resolve = waiting.get(answer.id);
    waiting.delete(answer.id);
    resolve?.(answer);
  });
  child.on('exit', (status, signal) => {
    for (const [id, resolve] of waiting) resolve({ id, error: `${STARTER} ended with ${signal ?? status}` });
    waiting.clear();
    starter = null;
  });
  child.unref();
  return child;
}
