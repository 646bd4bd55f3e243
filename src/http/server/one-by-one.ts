/**
 * Handles the requests of a connection one after the other. node:http starts all pipelined requests
 * of a packet at once and only sends their responses in order. So a client that sends 64 KiB of
 * small requests and does not read would make the server open a thousand files, or copy a CRL a
 * thousand times.
 */
import type { Socket } from 'node:net';
import type { Exchange } from './exchange.js';

/**
 * Limit of waiting requests of one connection, which no usual client reaches. The response to the
 * last one closes the connection, and requests behind it are not handled (RFC 9112 9.6).
 */
const QUEUED_MAX = 100;

/**
 * Wraps the request listener of a server: `begin` is called for a request when the response before
 * it was sent.
 */
export function handleSequentially(begin: (exchange: Exchange) => void): (exchange: Exchange) => void {
  /** The requests of each connection that wait for the current one. */
  const queues = new WeakMap<Socket, Exchange[]>();

  const start = (exchange: Exchange): void => {
    const { socket } = exchange.request;
    exchange.response.once('close', () => {
      // After an answer that closes the connection no other answer can be sent, so nothing that the
      // client has sent behind that request may be executed (RFC 9112 9.6).
      const next = socket.writable ? queues.get(socket)?.shift() : undefined;
      if (next === undefined) queues.delete(socket);
      else start(next);
    });
    begin(exchange);
  };
  return (exchange) => {
    const { socket } = exchange.request;
    const queue = queues.get(socket);
    if (queue === undefined) {
      queues.set(socket, []);
      start(exchange);
    } else if (queue.length < QUEUED_MAX) {
      queue.push(exchange);
      if (queue.length === QUEUED_MAX) exchange.response.setHeader('connection', 'close');
    }
  };
}
