/** Starting one child and speaking with it; knows nothing of requests. */
import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { assert } from '../../src/kernel/assert.js';
import {
  type ChildConfiguration,
  DEFAULTS,
  type SupervisorConfiguration,
  softhsmConfigurationFile,
  type TokenConfiguration,
} from '../configuration.js';
import { createFrameWriter } from '../wire/frame-writer.js';
import { createFrameDecoder, encodeFrame, type Frame } from '../wire/frames.js';

export type ChildProcess = {
  readonly pid: number | null;
  /** False: wait for `onDrain`. */
  send(whole: Uint8Array): boolean;
  kill(): void;
};

export type ChildEvents = {
  readonly onFrame: (frame: Frame) => void;
  readonly onDrain: () => void;
  /** Once, when the process is gone: nothing of it has the token open any more. */
  readonly onGone: (how: string) => void;
};

export type ChildPlan = {
  readonly entry: string;
  readonly token: TokenConfiguration;
  readonly supervisor: SupervisorConfiguration;
};

export function startChild({ entry, token, supervisor }: ChildPlan, events: ChildEvents): ChildProcess {
  const threads = supervisor.childThreads ?? DEFAULTS.childThreads;
  const child = spawn(process.execPath, [...childFlags(supervisor), entry, token.name], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    env: childEnvironment(token, supervisor),
  });
  let gone = false;
  const vanish = (how: string): void => {
    if (gone) return;
    gone = true;
    events.onGone(how);
  };
  child.on('error', (error) => {
    if (child.pid === undefined) vanish(`it did not start: ${error.message}`);
  });
  child.on('exit', (code, signal) => vanish(signal ?? `exit code ${code}`));
  const channel = child.stdio[3];
  assert(channel instanceof Duplex, 'descriptor 3 of the child is a socket');
  const write = createFrameWriter(channel);
  const decoder = createFrameDecoder();
  channel.on('data', (chunk: Buffer) => {
    const frames = decoder.push(chunk);
    if (!frames.ok) child.kill('SIGKILL');
    else for (const frame of frames.value) events.onFrame(frame);
  });
  channel.on('drain', events.onDrain);
  // The end of the process is what counts; a broken pipe on the way there is no news.
  channel.on('error', () => undefined);
  write(encodeFrame({ type: 'configure', id: 0, body: Buffer.from(JSON.stringify(configurationOf())) }));

  function configurationOf(): ChildConfiguration {
    const { sockets: _sockets, ...rest } = token;
    return {
      token: rest,
      policy: supervisor.policy,
      environmentMark: supervisor.environmentMark,
      lockWaitMsMax: supervisor.lockWaitMsMax ?? DEFAULTS.lockWaitMsMax,
      threads,
      keepAliveMs: supervisor.keepAliveMs ?? DEFAULTS.keepAliveMs,
    };
  }

  return { pid: child.pid ?? null, send: write, kill: () => void child.kill('SIGKILL') };
}

/**
 * Small: there are seven of them in development. Little is kept from one request to the next, so that a collection that is done by
 * the one thread costs less than the helpers that would do it on the processors that sign.
 */
function childFlags({ childHeapMb = DEFAULTS.childHeapMb }: SupervisorConfiguration): readonly string[] {
  return ['--max-semi-space-size=8', '--single-threaded-gc', `--max-old-space-size=${childHeapMb}`];
}

/** Libuv's pool writes the journal, one write at a time, and does little else. */
const JOURNAL_THREADS = '1';

/** All that a child is given: no PIN, nothing of the service's environment. The pool's size counts only when it is set here. */
function childEnvironment(token: TokenConfiguration, { environmentMark }: SupervisorConfiguration): NodeJS.ProcessEnv {
  return {
    ...token.moduleEnvironment,
    PATH: process.env.PATH,
    SOFTHSM2_CONF: softhsmConfigurationFile(token.softhsmDirectory),
    PFCNG_PKCS11_MODULE: token.modulePath,
    UV_THREADPOOL_SIZE: JOURNAL_THREADS,
    ...(environmentMark === 'development' ? { PFCNG_MEMORY_OPEN_TO: 'debuggers' } : {}),
  };
}
