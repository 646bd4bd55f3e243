/** Many clients that request a long CRL and do not read it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createServedCrls } from '../../../src/http/status/files.js';
import { sendFile } from '../../../src/http/status/send-file.js';
import { createSlowReaders } from '../../../src/http/status/slow-readers.js';

const READERS = 200;
const MB = 1024 * 1024;
/** Too large to be cached. */
const FILE_BYTES = 9 * MB;
/** Two chunks of 512 kB for each client would be 200 MB. */
const HELD_BYTES_MAX = 64 * MB;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

describe('clients that do not read a long CRL', () => {
  let folder: string;
  let server: Server;
  const responses: ServerResponse[] = [];
  const sockets: Socket[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-slow-'));
    writeFileSync(join(folder, 'LONG.crl'), Buffer.alloc(FILE_BYTES, 7));
    const files = createServedCrls(folder, Date.now, { smallBytesMax: MB, bytesMax: MB, totalBytesMax: MB });
    const source = { crls: files, clock: Date.now, slowReaders: createSlowReaders() };
    server = createServer((request, response) => {
      responses.push(response);
      sendFile(source, 'LONG.crl', { request, response }).catch(() => response.destroy());
    });
    server.listen(join(folder, 'socket'));
    await once(server, 'listening');
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
    rmSync(folder, { recursive: true, force: true });
  });

  /**
   * V8 frees the buffers of a collection on another thread, and has counted all of them only at the
   * next collection. So the figure is read until it falls no more.
   */
  const keptBytes = async (): Promise<number> => {
    let kept = Number.POSITIVE_INFINITY;
    for (;;) {
      collect();
      await turn();
      const { arrayBuffers } = process.memoryUsage();
      if (arrayBuffers >= kept) return kept;
      kept = arrayBuffers;
    }
  };
  const read = async (): Promise<number> => {
    const socket = connect(join(folder, 'socket'));
    sockets.push(socket);
    socket.write('GET /CRL/LONG.crl HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    let length = 0;
    for await (const chunk of socket) length += (chunk as Buffer).length;
    return length;
  };

  it('take little memory each, however many they are, and others still get the CRL', async () => {
    const before = await keptBytes();
    for (let at = 0; at < READERS; at += 1) {
      const socket = connect(join(folder, 'socket')).pause();
      sockets.push(socket);
      socket.write('GET /CRL/LONG.crl HTTP/1.1\r\nhost: x\r\n\r\n');
    }
    while (responses.length < READERS || !responses.every((response) => response.writableNeedDrain)) await turn();
    const grown = (await keptBytes()) - before;
    assert.ok(grown < HELD_BYTES_MAX, `${Math.round(grown / MB)} MB`);
    assert.ok((await read()) > FILE_BYTES);
  });
});
