/**
 * Begins the handshakes of new connections one after the other. A handshake costs the server a
 * millisecond. If all that wait were begun at once, the requests of accounts would wait for
 * hundreds of them at every step.
 */
import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import { networkOf } from './connections.js';

/**
 * A revocation takes some thirty turns of the event loop, and waits for as many handshakes in each
 * of them. An idle loop has thousands of turns per second, so this limits nobody without a flood.
 */
const BEGUN_PER_TURN = 1;

/**
 * Must be called before other listeners of connections are added. A connection waits for its first
 * octets, for `deadlineMs` at most, and then for its turn.
 */
export function beginHandshakesInTurn(server: Server, deadlineMs: number): void {
  const begin = server.listeners('connection');
  const turns = createTurns<Socket>(BEGUN_PER_TURN, (socket) => {
    if (socket.destroyed) return;
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
      else turns.wait(owner, socket);
    });
  });
}

type Turns<Item> = { readonly wait: (owner: string, item: Item) => void };

/** Takes items of all owners in rotation, and at most `perTurn` in a turn of the event loop. */
export function createTurns<Item>(perTurn: number, take: (item: Item) => void): Turns<Item> {
  /** Only owners with items. The owner that was served last is the last one. */
  const waiting = new Map<string, Item[]>();
  const takeNext = (): void => {
    for (const [owner, items] of waiting) {
      const item = items.shift();
      waiting.delete(owner);
      if (items.length > 0) waiting.set(owner, items);
      if (item !== undefined) take(item);
      return;
    }
  };
  const turn = (): void => {
    for (let count = 0; count < perTurn && waiting.size > 0; count += 1) takeNext();
    if (waiting.size > 0) setImmediate(turn);
  };
  return {
    wait: (owner, item) => {
      if (waiting.size === 0) setImmediate(turn);
      const items = waiting.get(owner);
      if (items === undefined) waiting.set(owner, [item]);
      else items.push(item);
    },
  };
}
