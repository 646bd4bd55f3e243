/**
 * Servers on Unix sockets that cannot accept a connection, such as when the machine has no more
 * file descriptors. If that ended the process, all its tokens would be closed.
 */
import assert from 'node:assert/strict';
import { Server } from 'node:net';
import { join } from 'node:path';
import { acquireLock } from '../../../hsm/exclusive-lock.js';
import { openPinSocket } from '../../../hsm/signer/pin-socket.js';
import { openSocketServer } from '../../../hsm/supervisor/socket-server.js';
import { removeFolder, temporaryFolder } from '../../support/hsm/signers.js';

/** Returns the servers that begin to listen meanwhile. */
async function serversOpenedBy(work: () => Promise<void>): Promise<readonly Server[]> {
  const opened: Server[] = [];
  const { listen } = Server.prototype;
  Server.prototype.listen = function listenAndTell(this: Server, ...args: unknown[]) {
    opened.push(this);
    return Reflect.apply(listen, this, args) as Server;
  } as typeof listen;
  try {
    await work();
  } finally {
    Server.prototype.listen = listen;
  }
  return opened;
}

describe('a server that cannot accept a connection', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => removeFolder(folder));

  const host = {
    ask: () => undefined,
    openCrl: () => null,
    reportBadSignature: () => undefined,
    refused: () => undefined,
    status: () => ({}),
    stop: async () => undefined,
  };
  const pins = {
    greeting: () => ({ token: 'ca-fort', tries: null }),
    attempt: async () => ({ outcome: { outcome: 'unlocked' as const } }),
  };
  const OPENED: Readonly<Record<string, (path: string) => Promise<{ readonly ok: boolean }>>> = {
    'the socket of a caller': (path) => openSocketServer({ role: 'api', path }, host),
    'the socket of an officer’s PIN': (path) => openPinSocket(path, pins),
    'a lock': (path) => acquireLock(path, 0),
  };

  for (const [what, open] of Object.entries(OPENED))
    it(`listens on, however often that happens: ${what}`, async () => {
      const [server = assert.fail('no server'), ...others] = await serversOpenedBy(async () => {
        assert.ok((await open(join(folder, 'own', 'socket'))).ok);
      });
      assert.deepEqual(others, []);
      for (let times = 0; times < 3; times += 1) server.emit('error', new Error('accept EMFILE'));
      assert.ok(server.listening);
      server.close();
    });
});
