/**
 * Runs programs to their end. A small process of its own starts them, because a fork copies the
 * page tables of its process: with the 400 MB of one that has run many test files it takes ten
 * times the processor time.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { present } from '../../../src/kernel/assert.js';
import type { Answer, Call, Program, ProgramOutcome } from './program-starter.js';

const STARTER = fileURLToPath(new URL('./program-starter.js', import.meta.url));

const waiting = new Map<number, (answer: Answer) => void>();
let calls = 0;
let starter: ChildProcess | null = null;

export async function runProgram(program: Program): Promise<ProgramOutcome> {
  starter ??= openStarter();
  const channel = present(starter.channel, 'an open channel');
  calls += 1;
  const id = calls;
  starter.send({ ...program, id } satisfies Call);
  channel.ref();
  const answer = await new Promise<Answer>((resolve) => waiting.set(id, resolve));
  // This process may end while nothing is asked.
  if (waiting.size === 0) channel.unref();
  if ('error' in answer) throw new Error(answer.error);
  return answer;
}

function openStarter(): ChildProcess {
  const child = fork(STARTER, { execArgv: [], serialization: 'advanced' });
  child.on('message', (answer: Answer) => {
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
