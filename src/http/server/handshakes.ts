/**
 * Begins the TLS handshakes of new connections one after the other, at a limited rate. A handshake
 * and the request after it cost the server one or two milliseconds. Without the limit, a flood of
 * handshakes would take the processor, and the requests of accounts would wait behind hundreds of
 * handshakes.
 */
import type { Server, Socket } from 'node:net';
import { networkOf } from '../../access/networks.js';

/**
 * The interval between two handshakes: 200 per second take less than half of one processor, and a
 * thousand clients that reconnect together are served within five seconds.
 */
const HANDSHAKE_INTERVAL_MS = 5;
/**
 * How long a connection waits for its turn at most. On a busy machine, the last of a thousand
 * clients may wait for longer than the limit of a handshake, so this limit is longer.
 */
const TURN_MS_MAX = 60_000;

/**
 * The beginning of an HTTP request: a method and a space (RFC 9112 3). A TLS record never begins
 * with a letter.
 */
const HTTP_BEGIN = /^[A-Z]{3,10} /;
const HTTP_BEGIN_BYTES = 11;

/**
 * Answers a connection that has sent HTTP without TLS, and closes it. `octets`: the first bytes
 * that it has sent.
 */
export type RefusePlain = (socket: Socket, octets: Buffer) => void;

/**
 * Makes the server begin handshakes in turn. A connection first waits for its first bytes, for
 * `deadlineMs` at most, and then for its turn, for a minute at most; a connection that begins with
 * HTTP goes to `refusePlain`. It must be called before other listeners of `connection` are added,
 * because those that exist are delayed until the turn.
 */
export function beginHandshakesInTurn(server: Server, deadlineMs: number, refusePlain: RefusePlain): void {
  const begin = server.listeners('connection');
  const turns = createRotation<Socket>(HANDSHAKE_INTERVAL_MS, (socket) => {
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
        socket.once('close', turns.enqueue(owner, socket));
      }
    });
  });
}

/** `enqueue` adds an item and returns the function that removes it again. */
type Rotation<Item> = { readonly enqueue: (owner: string, item: Item) => () => void };

/**
 * Takes waiting items one by one, with at least `everyMs` between two, and in rotation between
 * their owners. So an owner with many items does not delay the others.
 */
export function createRotation<Item>(everyMs: number, take: (item: Item) => void): Rotation<Item> {
  /** The waiting items by owner. The owner that was served last is at the end of the map. */
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
    enqueue: (owner, item) => {
      const items = waiting.get(owner) ?? new Set();
      waiting.set(owner, items.add(item));
      if (!isPaused) takeNext();
      return () => leave(owner, item);
    },
  };
}
