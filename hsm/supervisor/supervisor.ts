/**
 * The supervisor: one process that listens on the signers' sockets and runs one child a token. It loads no PKCS#11 module and
 * reads no PIN.
 */

import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { err, ok, type Result } from '../../src/kernel/result.js';
import { programPath } from '../../src/package/program-path.js';
import { DEFAULTS, type SupervisorConfiguration } from '../configuration.js';
import { acquireLock, type ExclusiveLock, type LockBusy } from '../exclusive-lock.js';
import { prepareSocketFolder } from '../wire/socket-folder.js';
import { openSocketServer, type SocketServer, type SocketServerFailure } from './socket-server.js';
import { createTokenHost, type SupervisorLog, type TokenHost } from './token-host.js';

export type SupervisorWorld = {
  readonly log: SupervisorLog;
  /** `process.stdin` of a supervisor that shall not outlive whoever started it: its end stops the supervisor. */
  readonly attachedTo?: Readable;
  /** Another entry of the child's process: for tests, whose checker is theirs. */
  readonly childEntry?: string;
};

export type Supervisor = {
  /** Kills the children, waits until they are gone, closes the sockets and lets go. */
  stop(): Promise<void>;
  /** Resolves when it has stopped, for whatever reason. */
  readonly stopped: Promise<void>;
};

export type SupervisorFailure = SocketServerFailure | LockBusy;

/** Resolves when the sockets listen; children may still be starting, requests wait for them. */
export async function runSupervisor(
  configuration: SupervisorConfiguration,
  world: SupervisorWorld,
): Promise<Result<Supervisor, SupervisorFailure>> {
  for (const { sockets } of configuration.tokens) {
    for (const { path, groupId } of sockets) {
      const folder = prepareSocketFolder(dirname(path), groupId);
      if (!folder.ok) return folder;
    }
  }
  const held = await lockAll(configuration);
  if (!held.ok) return held;
  const entry = world.childEntry ?? programPath('hsm/signer/signer-child');
  const hosts: TokenHost[] = [];
  const desks: SocketServer[] = [];
  const { promise: stopped, resolve: hasStopped } = deferred();
  let stopping = false;

  async function stop(): Promise<void> {
    if (stopping) return stopped;
    stopping = true;
    await Promise.all(hosts.map((host) => host.stop()));
    for (const desk of desks) desk.close();
    if (held.ok) held.value.release();
    hasStopped();
  }

  for (const token of configuration.tokens) {
    const host = createTokenHost({ entry, token, supervisor: configuration }, world.log);
    hosts.push(host);
    for (const place of token.sockets) {
      const desk = await openSocketServer(place, host);
      if (!desk.ok) {
        await stop();
        return err(desk.error);
      }
      desks.push(desk.value);
    }
  }
  if (world.attachedTo) {
    world.attachedTo.once('end', stop).once('close', stop).once('error', stop);
    world.attachedTo.resume();
  }
  return ok({ stop, stopped });
}

/** Token by token: a unit of its own may have some, and another supervisor the rest. */
async function lockAll({
  tokens,
  runDirectory,
  lockWaitMsMax = DEFAULTS.lockWaitMsMax,
}: SupervisorConfiguration): Promise<Result<ExclusiveLock, LockBusy>> {
  const holds: ExclusiveLock[] = [];
  const release = (): void => {
    for (const held of holds) held.release();
  };
  for (const { name } of tokens) {
    const held = await acquireLock(join(runDirectory, name), lockWaitMsMax);
    if (!held.ok) {
      release();
      return held;
    }
    holds.push(held.value);
  }
  return ok({ release });
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
