/**
 * Begins the handshakes of new connections one after the other. A handshake and the request after
 * it cost the server a millisecond or two. If clients could have as many as they like, requests of
 * accounts would get what is left of the processor, and wait for hundreds of handshakes at every
 * step.
 */
import type { Server, Socket } from 'node:net';
import { networkOf } from '../../access/networks.js';

/**
 * Two hundred handshakes per second take less than half of a processor. A thousand clients that
 * come back together are connected within five seconds.
 */
const BEGUN_EVERY_MS = 5;
/** On a busy machine a thousand clients may wait for longer than a handshake may take. */
const TURN_MS_MAX = 60_000;

/** A method and a space (RFC 9112 3). No record of TLS begins with a letter. */
const HTTP_BEGIN = /^[A-Z]{3,10} /;
const HTTP_BEGIN_BYTES = 11;

/** Answers a connection that begins with these octets, which are no TLS, and closes it. */
export type RefusePlain = (socket: Socket, octets: Buffer) => void;

/**
 * Must be called before other listeners of connections are added. A connection waits for its first
 * octets, for `deadlineMs` at most, and then for its turn, for a minute at most.
 */
export function beginHandshakesInTurn(server: Server, deadlineMs: number, refusePlain: RefusePlain): void {
  const begin = server.listeners('connection');
  const turns = createTurns<Socket>(BEGUN_EVERY_MS, (socket) => {
    const octets: unknown = socket.read();
    if (!Buffer.isBuffer(octets)) return void socket.destroy();
    if (HTTP_BEGIN.test(octets.toString('latin1', 0, HTTP_BEGIN_BYTES))) return refusePlain(socket, octets);
    socket.unshift(octets);
    socket.setTimeout(0);
    for (const listener of begin) listener.call(server, socket);
  });
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const owner = networkOf(socket.remoteAddress ?? '');
    socket.on('error', () => socket.destroy());
    socket.setTimeout(deadlineMs, () => socket.destroy());
    socket.once('readable', () => {
      if (socket.readableLength === 0) socket.destroy();
      else {
        socket.setTimeout(TURN_MS_MAX);
        socket.once('close', turns.wait(owner, socket));
      }
    });
  });
}

/** `wait` returns what ends the waiting of an item that needs no turn any more. */
type Turns<Item> = { readonly wait: (owner: string, item: Item) => () => void };

/** Takes items of all owners in rotation, and at most one in `everyMs`. */
export function createTurns<Item>(everyMs: number, take: (item: Item) => void): Turns<Item> {
  /** The items of each owner that has any. The owner that was served last is the last one. */
  const waiting = new Map<string, Set<Item>>();
  let isPaused = false;
  const leave = (owner: string, item: Item): void => {
    const items = waiting.get(owner);
    items?.delete(item);
    if (items?.size === 0) waiting.delete(owner);
  };
  const takeNext = (): void => {
    for (const [owner, items] of waiting) {
      isPaused = true;
      setTimeout(turn, everyMs);
      waiting.delete(owner);
      waiting.set(owner, items);
      for (const item of items) {
        leave(owner, item);
        take(item);
        return;
      }
    }
  };
  const turn = (): void => {
    isPaused = false;
    takeNext();
  };
  return {
    wait: (owner, item) => {
      const items = waiting.get(owner) ?? new Set();
      waiting.set(owner, items.add(item));
      if (!isPaused) takeNext();
      return () => leave(owner, item);
    },
  };
}
