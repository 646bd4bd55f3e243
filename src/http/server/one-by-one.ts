/**
 * The requests of one connection, one after the other: node:http begins all that a piece of it brings at once, and answers wait for
 * those before them. Sixty-four kilobytes of small requests from one who does not read would open a thousand files, or hold a
 * thousand copies of a list.
 */
import type { Socket } from 'node:net';
import type { Exchange } from '../status/send-file.js';

/** More than any client asks ahead of its answers. With the last of them it is told that the connection ends (RFC 9112 9.6). */
const WAITING_MAX = 100;

/** For the listener of a server's requests. */
export function oneByOne(begin: (exchange: Exchange) => void): (exchange: Exchange) => void {
  /** Behind the one that is being answered. */
  const behind = new WeakMap<Socket, Exchange[]>();

  const start = (exchange: Exchange): void => {
    const { socket } = exchange.request;
    exchange.response.once('close', () => {
      const next = socket.destroyed ? undefined : behind.get(socket)?.shift();
      if (next === undefined) behind.delete(socket);
      else start(next);
    });
    begin(exchange);
  };
  return (exchange) => {
    const { socket } = exchange.request;
    const waiting = behind.get(socket);
    if (waiting === undefined) {
      behind.set(socket, []);
      start(exchange);
    } else if (waiting.length < WAITING_MAX) {
      waiting.push(exchange);
      if (waiting.length === WAITING_MAX) exchange.response.setHeader('connection', 'close');
    }
  };
}
