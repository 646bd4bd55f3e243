/** The fast lane alone, on real sockets. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { drain } from '../../../src/http/server/listening.js';
import { type FastLaneServe, installFastLane } from '../../../src/http/status/fast-lane/lane.js';
import { createSlowReaders } from '../../../src/http/status/slow-readers.js';
import { get, startServers } from './status-server.js';

describe('the fast lane', () => {
  const { at, open, until } = startServers(true);

  /** Replaces the status server by a fast lane before a server without a listener. */
  async function laneOf(serve: FastLaneServe, slowReaders = createSlowReaders()): Promise<void> {
    at.server.close();
    at.server = createServer();
    installFastLane(at.server, { serve, slowReaders });
    at.server.listen(0, '127.0.0.1');
    await once(at.server, 'listening');
  }

  it('reads no more from a client that does not receive its responses', async () => {
    let served = 0;
    await laneOf(() => {
      served += 1;
      return 'x'.repeat(8_000_000);
    });
    const { socket } = await open();
    socket.pause();
    socket.write(get('/ocsp/MAA='));
    // On a busy machine the first request may arrive late.
    await until(() => served > 0);
    for (let count = 0; count < 20; count += 1) {
      socket.write(get('/ocsp/MAA='));
      await sleep(5);
    }
    assert.equal(served, 1);
  });

  it('disconnects the client of the oldest long CRL when slow clients keep too many bytes in memory', async () => {
    const lists = [Buffer.alloc(8_000_000), Buffer.alloc(8_000_000)];
    const serve = () => ({ head: 'HTTP/1.1 200 OK\r\n\r\n', bytes: lists.pop() ?? Buffer.alloc(0) });
    await laneOf(serve, createSlowReaders(12_000_000));
    const [first, second] = [await open(), await open()];
    for (const { socket } of [first, second]) {
      socket.pause();
      const left = lists.length;
      socket.write(get('/CRL/LONG.crl'));
      await until(() => lists.length < left);
    }
    const ended = once(first.socket, 'end');
    first.socket.resume();
    await ended;
    assert.ok(first.got().length < 8_000_000);
    second.socket.resume();
    await until(() => second.got().length > 8_000_000);
  });

  it('closes a connection without a first request after ten seconds, and later after the timeout of the server', async () => {
    await laneOf(() => 'HTTP/1.1 204 No Content\r\n\r\n');
    at.server.timeout = 60_000;
    const [[served], { socket, got }] = await Promise.all([once(at.server, 'connection') as Promise<[Socket]>, open()]);
    assert.equal(served.timeout, 10_000);
    socket.write(get('/ocsp/MAA='));
    await until(() => got() !== '');
    assert.equal(served.timeout, 60_000);
    served.emit('timeout');
    await once(socket, 'end');
  });

  it('sends a CRL to its end when the server is shut down in the middle of it', async () => {
    at.server.close();
    const bytes = Buffer.alloc(20_000_000, 7);
    at.server = createServer();
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n\r\n`;
    let served = 0;
    const serve = () => {
      served += 1;
      return { head, bytes };
    };
    installFastLane(at.server, { serve, slowReaders: createSlowReaders() });
    at.server.listen(0, '127.0.0.1');
    await once(at.server, 'listening');
    const { socket, got } = await open();
    socket.pause();
    socket.write(get('/CRL/LONG.crl'));
    await until(() => served === 1);
    const drained = drain(at.server);
    await sleep(200);
    socket.resume();
    await Promise.all([once(socket, 'end'), drained]);
    assert.equal(got().length, head.length + bytes.length);
  });
});
