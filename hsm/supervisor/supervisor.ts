/**
 * The supervisor: one process that listens on the sockets of the signers and runs one child process
 * for each token. It loads no PKCS#11 module and reads no PIN.
 */
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { err, ok, type Result } from '../../src/kernel/result.js';
import { programPath } from '../../src/package/program-path.js';
import { DEFAULTS, type SupervisorConfiguration } from '../configuration.js';
import { deferred } from '../deferred.js';
import { acquireLock, type ExclusiveLock, type LockBusy } from '../exclusive-lock.js';
import { prepareSocketFolder, type SocketFolderExposed } from '../wire/socket-folder.js';
import { openSocketServer, type SocketServer } from './socket-server.js';
import type { SupervisorLog } from './supervisor-notices.js';
import { createTokenHost, type TokenHost } from './token-host.js';

type SupervisorWorld = {
  readonly log: SupervisorLog;
  /**
   * `process.stdin` of a supervisor that must not run longer than the process that started it: its
   * end stops the supervisor.
   */
  readonly attachedTo?: Readable;
  /**
   * The entry file of the process of a child; absent: the usual one. Tests use it to replace the
   * checker.
   */
  readonly childEntry?: string;
};

type Supervisor = {
  /** Kills the children, waits until they have ended, closes the sockets and releases the locks. */
  stop(): Promise<void>;
  /** Resolves when the supervisor has stopped, for any reason. */
  readonly stopped: Promise<void>;
};

export type SupervisorFailure = SocketFolderExposed | LockBusy;

/** Resolves when the sockets listen. Children may still be starting: requests wait for them. */
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
  const locks = await lockAll(configuration);
  if (!locks.ok) return locks;
  const entry = world.childEntry ?? programPath('hsm/signer/signer-child');
  const hosts: TokenHost[] = [];
  const servers: SocketServer[] = [];
  const { promise: stopped, resolve: hasStopped } = deferred<void>();
  let stopping = false;

  async function stop(): Promise<void> {
    if (stopping) return stopped;
    stopping = true;
    await Promise.all(hosts.map((host) => host.stop()));
    for (const server of servers) server.close();
    if (locks.ok) locks.value.release();
    hasStopped();
  }

  for (const token of configuration.tokens) {
    const host = createTokenHost({ entry, token, supervisor: configuration }, world.log);
    hosts.push(host);
    for (const place of token.sockets) {
      const server = await openSocketServer(place, host);
      if (!server.ok) {
        await stop();
        return err(server.error);
      }
      servers.push(server.value);
    }
  }
  if (world.attachedTo) {
    world.attachedTo.once('end', stop).once('close', stop).once('error', stop);
    world.attachedTo.resume();
  }
  return ok({ stop, stopped });
}

/** Locks each token, because another supervisor may run other tokens of the same home. */
async function lockAll({
  tokens,
  runDirectory,
  lockWaitMsMax = DEFAULTS.lockWaitMsMax,
}: SupervisorConfiguration): Promise<Result<ExclusiveLock, LockBusy>> {
  const locks: ExclusiveLock[] = [];
  const release = (): void => {
    for (const lock of locks) lock.release();
  };
  for (const { name } of tokens) {
    const lock = await acquireLock(join(runDirectory, name), lockWaitMsMax);
    if (!lock.ok) {
      release();
      return lock;
    }
    locks.push(lock.value);
  }
  return ok({ release });
}
