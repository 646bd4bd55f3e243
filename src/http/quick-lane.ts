/**
 * What most relying parties ask is answered before the HTTP parser and the objects that node:http makes for each request: they cost
 * more than all the rest of an answer from memory (decision 0024). A connection is in the lane until something comes on it that the
 * lane does not read or cannot answer; from that piece on it is node:http's.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { HeldLists } from './held-lists.js';
import { createQuickReader, type QuickReader, type QuickRequest } from './quick-request.js';

/** An answer as it goes out: all of it, as text of one octet a character or as octets; or its head, and what follows it. */
export type QuickAnswer = string | Buffer | { readonly head: string; readonly bytes: Buffer };

/** null: node:http shall answer. */
export type QuickServe = (request: QuickRequest, body: Buffer) => QuickAnswer | null | Promise<QuickAnswer | null>;

/** Who connects and says nothing; node:http waits as long for the head of a request. */
const SILENCE_MS_MAX = 10_000;

type Lane = { readonly isIdle: () => boolean };

/** Before the server listens. */
export function putBefore(
  server: Server,
  { serve, held }: { readonly serve: QuickServe; readonly held: HeldLists },
): void {
  const toNode = server.listeners('connection');
  const lanes = new Map<Socket, Lane>();
  const ending = { closing: false };
  const read = createQuickReader();
  const leave = (socket: Socket): void => {
    lanes.delete(socket);
    for (const listener of toNode) listener.call(server, socket);
    socket.resume();
  };
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    lanes.set(socket, enter(socket, { server, read, serve, held, ending, leave }));
    socket.once('close', () => lanes.delete(socket));
  });
  endWith(server, lanes, ending);
}

/** Node's own know nothing of connections that are in the lane. */
function endWith(server: Server, lanes: ReadonlyMap<Socket, Lane>, ending: { closing: boolean }): void {
  const close = { idle: server.closeIdleConnections.bind(server), all: server.closeAllConnections.bind(server) };
  server.closeIdleConnections = () => {
    // What comes from here on is told by node:http that it was the last on its connection.
    ending.closing = true;
    for (const [socket, { isIdle }] of lanes) if (isIdle()) socket.destroy();
    close.idle();
  };
  server.closeAllConnections = () => {
    for (const socket of lanes.keys()) socket.destroy();
    close.all();
  };
}

type Surroundings = {
  readonly server: Server;
  readonly read: QuickReader;
  readonly serve: QuickServe;
  readonly held: HeldLists;
  readonly ending: { readonly closing: boolean };
  readonly leave: (socket: Socket) => void;
};

function enter(socket: Socket, { server, read, serve, held, ending, leave }: Surroundings): Lane {
  let state: 'silent' | 'idle' | 'answering' = 'silent';

  const onData = (piece: Buffer): void => {
    // Nothing comes while it is paused: this is what was waited for, taken up below.
    if (state === 'answering') return;
    if (state === 'silent') socket.setTimeout(server.timeout);
    state = 'idle';
    const found = ending.closing ? null : read(piece);
    const answer = found === null ? null : serve(found.request, found.body);
    if (answer === null) {
      socket.pause();
      socket.unshift(piece);
      handOver();
    } else if (answer instanceof Promise) wait(piece, answer);
    else send(answer);
  };
  const wait = (piece: Buffer, answer: Promise<QuickAnswer | null>): void => {
    state = 'answering';
    // What comes meanwhile waits behind this piece; so does that nothing more will come, which a stream keeps back from no one else.
    socket.pause();
    socket.unshift(piece);
    const goOn = (given: QuickAnswer | null): void => {
      if (socket.destroyed) return;
      if (given !== null) socket.read(piece.length);
      state = 'idle';
      if (given === null) {
        handOver();
        return;
      }
      send(given);
      if (!socket.writableNeedDrain) socket.resume();
    };
    // node:http says of a failure what can be said.
    answer.then(goOn, () => goOn(null));
  };
  const send = (answer: QuickAnswer): void => {
    if (typeof answer === 'string') socket.write(answer, 'latin1');
    else if (Buffer.isBuffer(answer)) socket.write(answer);
    else {
      socket.cork();
      socket.write(answer.head, 'latin1');
      socket.write(answer.bytes);
      socket.uncork();
      held.hold(answer.bytes, socket);
    }
    // Who does not read is not read from.
    if (socket.writableNeedDrain) socket.pause();
  };
  const handOver = (): void => {
    for (const [event, listener] of listeners) socket.off(event, listener);
    socket.setTimeout(0);
    leave(socket);
  };
  const listeners: readonly (readonly [string, (piece: Buffer) => void])[] = [
    ['data', onData],
    ['end', () => void socket.end()],
    ['drain', () => void (state !== 'answering' && socket.resume())],
    ['timeout', () => void socket.destroy()],
    ['error', () => void socket.destroy()],
  ];
  for (const [event, listener] of listeners) socket.on(event, listener);
  socket.setTimeout(SILENCE_MS_MAX);
  return { isIdle: () => state !== 'answering' };
}
