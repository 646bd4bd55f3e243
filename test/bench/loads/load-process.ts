/** A process of its own that makes the load, so that its processor time is not the service's. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type LoadProcess = {
  readonly child: ChildProcess;
  /** Its next message; rejects when the process ends. */
  readonly next: () => Promise<unknown>;
};

/** Starts a script of this folder, sends it the load and waits until it is ready. */
export async function startLoadProcess(script: string, load: object, env = process.env): Promise<LoadProcess> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = fork(path, { execArgv: ['--enable-source-maps'], env });
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`the load ended with ${code}`);
  });
  died.catch(() => undefined);
  const next = (): Promise<unknown> => Promise.race([once(child, 'message').then(([message]) => message), died]);
  child.send(load);
  await next();
  return { child, next };
}
