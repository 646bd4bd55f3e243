/**
 * Reading a streamed body. Without these deadlines, a client could keep a place among the uploads
 * for ever by sending nothing, or an octet from time to time.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type ReadNextBytes, type StreamLimits, streamBody } from '../../../../src/http/server/stream-body.js';

const HOUR_MS = 3_600_000;
const PATIENT: StreamLimits = { bytesMax: 1_000, idleMs: HOUR_MS, totalMs: HOUR_MS };
const HEAD = 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n';

describe('a streamed body', () => {
  let server: Server;
  let socket: Socket;
  beforeEach(async () => {
    server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined);
  });
  afterEach(() => {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });

  async function opened(limits: Partial<StreamLimits>, head = HEAD): Promise<ReadNextBytes> {
    socket.write(head);
    const [request] = (await once(server, 'request')) as [IncomingMessage];
    return streamBody(request, { ...PATIENT, ...limits });
  }

  it('is read piece by piece to its end', async () => {
    const read = await opened({});
    const pieces: string[] = [];
    for (const sent of ['a'.repeat(60), 'b'.repeat(40)]) {
      socket.write(sent);
      const piece = await read();
      assert.ok(piece.ok && piece.value !== null);
      pieces.push(Buffer.from(piece.value).toString());
    }
    assert.equal(pieces.join(''), 'a'.repeat(60) + 'b'.repeat(40));
    assert.deepEqual(await read(), { ok: true, value: null });
  });

  it('is too slow when the client sends nothing for the time that it may', async () => {
    const read = await opened({ idleMs: 20 });
    assert.deepEqual(await read(), { ok: false, error: { kind: 'body-too-slow' } });
  });

  it('is too slow when it is not complete in the time that it may take, however often it sends', async () => {
    const read = await opened({ bytesMax: 1_000_000, totalMs: 50 }, HEAD.replace('100', '1000000'));
    const sending = setInterval(() => socket.write('a'), 5);
    let last = await read();
    while (last.ok) last = await read();
    clearInterval(sending);
    assert.deepEqual(last.error, { kind: 'body-too-slow' });
  });

  it('has failed when the client leaves', async () => {
    const read = await opened({});
    socket.write('a');
    assert.ok((await read()).ok);
    socket.destroy();
    assert.deepEqual(await read(), { ok: false, error: { kind: 'body-too-slow' } });
  });

  it('is not read ahead: a client that is not listened to has to wait', async () => {
    const bytesMax = 64 * 1024 * 1024;
    const read = await opened({ bytesMax }, HEAD.replace('100', String(bytesMax)));
    assert.ok(!socket.write(Buffer.alloc(bytesMax)));
    assert.ok((await read()).ok);
    // Whatever can arrive has arrived when the kernel takes nothing more.
    for (let before = -1; before !== socket.bytesWritten - socket.writableLength; ) {
      before = socket.bytesWritten - socket.writableLength;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.ok(socket.writableLength > bytesMax / 2, `${socket.writableLength} octets wait`);
  });
});
