/** Starts one child process and exchanges frames with it. */
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
  /**
   * Sends an encoded frame. Returns false when the caller must wait for `onDrain` before it sends
   * another one.
   */
  send(encoded: Uint8Array): boolean;
  /**
   * Returns how long frames that the child does not read have been waiting, in milliseconds; 0:
   * `send` has not returned false since the last `onDrain`.
   */
  blockedMs(at: number): number;
  kill(): void;
};

type ChildEvents = {
  readonly onFrame: (frame: Frame) => void;
  readonly onDrain: () => void;
  /** Called once, when the process has ended and so no longer has the token open. */
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
  const reportGone = (how: string): void => {
    if (gone) return;
    gone = true;
    events.onGone(how);
  };
  child.on('error', (error) => {
    if (child.pid === undefined) reportGone(`it did not start: ${error.message}`);
  });
  child.on('exit', (code, signal) => reportGone(signal ?? `exit code ${code}`));
  const channel = child.stdio[3];
  assert(channel instanceof Duplex, 'descriptor 3 of the child is a socket');
  const write = createFrameWriter(channel);
  const decoder = createFrameDecoder();
  channel.on('data', (chunk: Buffer) => {
    const frames = decoder.push(chunk);
    if (!frames.ok) child.kill('SIGKILL');
    else for (const frame of frames.value) events.onFrame(frame);
  });
  let blockedSince: number | null = null;
  channel.on('drain', () => {
    blockedSince = null;
    events.onDrain();
  });
  // The 'exit' event of the process follows, and its handler does all that is needed.
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

  return {
    pid: child.pid ?? null,
    send(encoded) {
      if (write(encoded)) return true;
      blockedSince ??= performance.now();
      return false;
    },
    blockedMs: (at) => (blockedSince === null ? 0 : at - blockedSince),
    kill: () => void child.kill('SIGKILL'),
  };
}

/**
 * Returns the flags of Node for a child. The heap is small, because development runs seven
 * children. Few objects survive a request, so that garbage collection on one thread costs less than
 * helper threads would take from signing.
 */
function childFlags({ childHeapMb = DEFAULTS.childHeapMb }: SupervisorConfiguration): readonly string[] {
  return ['--max-semi-space-size=8', '--single-threaded-gc', `--max-old-space-size=${childHeapMb}`];
}

/** The thread pool of libuv writes the journal, one write at a time, and has little other work. */
const JOURNAL_THREADS = '1';

/**
 * Returns the whole environment of a child: no PIN, and only PATH of the service's environment.
 * libuv reads the size of its thread pool at start, so that it must be set here.
 */
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
