/**
 * What most relying parties ask is answered before the HTTP parser and the objects that node:http makes for each request: they cost
 * more than all the rest of an answer from memory (decision 0024). A connection is in the lane until something comes on it that the
 * lane does not read or cannot answer; from that piece on it is node:http's.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { SlowReaders } from '../slow-readers.js';
import { createFastLaneReader, type FastLaneReader, type FastLaneRequest } from './request.js';

/** An answer as it goes out: all of it, as text of one octet a character or as octets; or its head, and what follows it. */
export type FastLaneAnswer = string | Buffer | { readonly head: string; readonly bytes: Buffer };

/** null: node:http shall answer. */
export type FastLaneServe = (
  request: FastLaneRequest,
  body: Buffer,
) => FastLaneAnswer | null | Promise<FastLaneAnswer | null>;

/** Who connects and says nothing; node:http waits as long for the head of a request. */
const SILENCE_MS_MAX = 10_000;

type Lane = { readonly isIdle: () => boolean };
/** On a connection that leaves the lane, and not answered yet. */
type Heard = { readonly piece: Buffer; readonly isEnded: boolean };

/** Before the server listens. */
export function installFastLane(
  server: Server,
  { serve, held }: { readonly serve: FastLaneServe; readonly held: SlowReaders },
): void {
  const toNode = server.listeners('connection');
  const lanes = new Map<Socket, Lane>();
  const ending = { closing: false };
  const read = createFastLaneReader();
  const leave = (socket: Socket, { piece, isEnded }: Heard): void => {
    lanes.delete(socket);
    for (const listener of toNode) listener.call(server, socket);
    socket.emit('data', piece);
    if (isEnded) socket.emit('end');
    else socket.resume();
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
  readonly read: FastLaneReader;
  readonly serve: FastLaneServe;
  readonly held: SlowReaders;
  readonly ending: { readonly closing: boolean };
  readonly leave: (socket: Socket, heard: Heard) => void;
};

function enter(socket: Socket, { server, read, serve, held, ending, leave }: Surroundings): Lane {
  let state: 'silent' | 'idle' | 'answering' = 'silent';
  let behind: Buffer | null = null;
  let isEnded = false;

  const onData = (piece: Buffer): void => {
    if (state === 'answering') {
      // One that does not wait for answers: this is looked at after this answer, and no more is read.
      behind = piece;
      socket.pause();
      return;
    }
    if (state === 'silent') socket.setTimeout(server.timeout);
    state = 'idle';
    const found = ending.closing ? null : read(piece);
    const answer = found === null ? null : serve(found.request, found.body);
    if (answer === null) handOver(piece);
    else if (answer instanceof Promise) wait(piece, answer);
    else if (!send(answer)) socket.pause();
  };
  const wait = (piece: Buffer, answer: Promise<FastLaneAnswer | null>): void => {
    state = 'answering';
    const tell = (given: FastLaneAnswer | null): void => {
      state = 'idle';
      if (socket.destroyed) return;
      if (given === null) handOver(piece);
      else if (send(given)) goOn();
      else socket.pause();
    };
    // node:http says of a failure what can be said.
    answer.then(tell, () => tell(null));
  };
  /** false: the reader is slow; what was sent before has to leave first. */
  const send = (answer: FastLaneAnswer): boolean => {
    if (typeof answer === 'string') return socket.write(answer, 'latin1');
    if (Buffer.isBuffer(answer)) return socket.write(answer);
    socket.cork();
    socket.write(answer.head, 'latin1');
    socket.write(answer.bytes);
    socket.uncork();
    held.hold(answer.bytes, socket);
    return !socket.writableNeedDrain;
  };
  const goOn = (): void => {
    if (state === 'answering') return;
    socket.resume();
    const next = behind;
    behind = null;
    if (next !== null) onData(next);
    else if (isEnded) socket.end();
  };
  const onEnd = (): void => {
    isEnded = true;
    if (state !== 'answering' && behind === null) socket.end();
  };
  const handOver = (piece: Buffer): void => {
    for (const [event, listener] of listeners) socket.off(event, listener);
    socket.setTimeout(0);
    leave(socket, { piece: behind === null ? piece : Buffer.concat([piece, behind]), isEnded });
  };
  const listeners: readonly (readonly [string, (piece: Buffer) => void])[] = [
    ['data', onData],
    ['end', onEnd],
    ['drain', goOn],
    ['timeout', () => void socket.destroy()],
    ['error', () => void socket.destroy()],
  ];
  for (const [event, listener] of listeners) socket.on(event, listener);
  socket.setTimeout(SILENCE_MS_MAX);
  // An answer that has not left yet is no silence: a long list would end in the middle.
  return { isIdle: () => state !== 'answering' && socket.writableLength === 0 };
}
