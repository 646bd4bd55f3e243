import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSlowReaders } from '../../../src/http/status/slow-readers.js';

const MB = 1024 * 1024;

describe('CRLs that slow clients keep in memory', () => {
  let folder: string;
  let server: Server;
  const accepted: Socket[] = [];
  const readers: Socket[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-slow-readers-'));
    server = createServer((socket) => accepted.push(socket.on('error', () => undefined)));
    server.listen(join(folder, 'socket'));
    await once(server, 'listening');
  });
  afterEach(async () => {
    for (const socket of [...accepted.splice(0), ...readers.splice(0)]) socket.destroy();
    server.close();
    await once(server, 'close');
    rmSync(folder, { recursive: true, force: true });
  });

  /** The server side of a connection whose client reads nothing until it is resumed. */
  const connectReader = async (): Promise<Socket> => {
    const reader = connect(join(folder, 'socket')).on('error', () => undefined);
    readers.push(reader);
    const count = accepted.length;
    await once(reader, 'connect');
    while (accepted.length === count) await once(server, 'connection');
    return accepted.at(-1) as Socket;
  };
  const lists = [1, 2, 3, 4].map((octet) => Buffer.alloc(4 * MB, octet));

  it('are limited in bytes: all clients of the oldest CRL are disconnected', async () => {
    const slowReaders = createSlowReaders(9 * MB);
    const sockets: Socket[] = [];
    for (const at of [0, 0, 1, 1, 2, 3]) {
      const socket = await connectReader();
      const list = lists[at] as Buffer;
      socket.write(list);
      slowReaders.track(list, socket);
      sockets.push(socket);
    }
    assert.deepEqual(
      sockets.map(({ destroyed }) => destroyed),
      [true, true, true, true, false, false],
    );
  });

  it('are tracked once for each connection, however often they are requested on it', async () => {
    const slowReaders = createSlowReaders(9 * MB);
    const socket = await connectReader();
    const [list] = lists as [Buffer];
    const listeners = socket.listenerCount('drain');
    for (let count = 0; count < 20; count += 1) {
      socket.write(list);
      slowReaders.track(list, socket);
    }
    assert.equal(socket.listenerCount('drain'), listeners + 1);
  });

  it('do not include those that were read completely or whose clients have left', async () => {
    const slowReaders = createSlowReaders(9 * MB);
    const [read, left, slow] = [await connectReader(), await connectReader(), await connectReader()];
    const [first, second, third, fourth] = lists as [Buffer, Buffer, Buffer, Buffer];
    for (const [socket, list] of [
      [read, first],
      [left, second],
    ] as const) {
      socket.write(list);
      slowReaders.track(list, socket);
    }
    readers[0]?.resume();
    await once(read, 'drain');
    readers[1]?.destroy();
    await new Promise((resolve) => left.once('close', resolve));
    for (const list of [third, fourth]) {
      slow.write(list);
      slowReaders.track(list, slow);
    }
    assert.equal(slow.destroyed, false);
    assert.equal(read.destroyed, false);
  });

  it('may be a single one that exceeds the limit', async () => {
    const slowReaders = createSlowReaders(MB);
    const socket = await connectReader();
    socket.write(lists[0] as Buffer);
    slowReaders.track(lists[0] as Buffer, socket);
    assert.equal(socket.destroyed, false);
  });
});
