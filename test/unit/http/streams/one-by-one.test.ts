/**
 * Requests that a client sends before it has the answer to the one before. Without this test the
 * server could execute a request whose answer it never sends.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { handleSequentially } from '../../../../src/http/server/one-by-one.js';

/** Sends all requests at once, and returns which were handled and what came back. */
async function pipelined(paths: readonly string[], closing: string) {
  const handled: string[] = [];
  const serve = handleSequentially(({ request, response }) => {
    handled.push(request.url ?? '');
    if (request.url === closing) response.setHeader('connection', 'close');
    // As a handler that waits for the database.
    setImmediate(() => response.end(request.url));
  });
  const server = createServer((request, response) => serve({ request, response }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let received = '';
  socket.on('data', (octets: Buffer) => {
    received += octets.toString('latin1');
  });
  socket.write(paths.map((path) => `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n`).join(''));
  await once(socket, 'close');
  server.close();
  await once(server, 'close');
  return { handled, answers: received.split('HTTP/1.1 200').length - 1 };
}

describe('requests of one connection', () => {
  it('are handled in their order, and none after the answer that closes the connection', async () => {
    assert.deepEqual(await pipelined(['/a', '/b', '/c', '/d'], '/b'), { handled: ['/a', '/b'], answers: 2 });
  });
});
