/**
 * Answers frequent requests before node:http (the fast lane). The HTTP parser of Node and the
 * objects that node:http creates for each request cost more than everything else about an answer
 * from memory (decision 0024). A connection stays in the fast lane until it receives data that the
 * lane cannot read or answer; node:http then handles this data and everything after it.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { SlowReaders } from '../slow-readers.js';
import { createFastLaneReader, type FastLaneReader, type FastLaneRequest } from './request.js';

/**
 * A whole response as Latin-1 text or as bytes; or its head and its body, which are written one
 * after the other.
 */
export type FastLaneAnswer = string | Buffer | { readonly head: string; readonly bytes: Buffer };

/** Answers a request; null: node:http must answer it. */
export type FastLaneServe = (
  request: FastLaneRequest,
  body: Buffer,
) => FastLaneAnswer | null | Promise<FastLaneAnswer | null>;

/**
 * How long a client may take to send its first request. node:http has the same limit for a request
 * head.
 */
const SILENCE_MS_MAX = 10_000;

type FastLaneConnection = { readonly isIdle: () => boolean };
/**
 * Received data that the lane has not answered when a connection leaves it. `isEnded`: the client
 * has half-closed the connection.
 */
type UnansweredData = { readonly chunk: Buffer; readonly isEnded: boolean };

/** Puts the fast lane before node:http. It must be called before the server listens. */
export function installFastLane(
  server: Server,
  { serve, slowReaders }: { readonly serve: FastLaneServe; readonly slowReaders: SlowReaders },
): void {
  const nodeListeners = server.listeners('connection');
  const connections = new Map<Socket, FastLaneConnection>();
  const shutdown = { begun: false };
  const read = createFastLaneReader();
  const leave = (socket: Socket, { chunk, isEnded }: UnansweredData): void => {
    connections.delete(socket);
    for (const listener of nodeListeners) listener.call(server, socket);
    socket.emit('data', chunk);
    if (isEnded) socket.emit('end');
    else socket.resume();
  };
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    connections.set(socket, handleConnection(socket, { server, read, serve, slowReaders, shutdown, leave }));
    socket.once('close', () => connections.delete(socket));
  });
  closeWithServer(server, connections, shutdown);
}

/**
 * Makes closeIdleConnections and closeAllConnections of the server also close the connections in
 * the lane, which node:http does not know.
 */
function closeWithServer(
  server: Server,
  connections: ReadonlyMap<Socket, FastLaneConnection>,
  shutdown: { begun: boolean },
): void {
  const closeNodeIdle = server.closeIdleConnections.bind(server);
  const closeNodeAll = server.closeAllConnections.bind(server);
  server.closeIdleConnections = () => {
    // During a shutdown node:http answers all requests, because its responses close the connection.
    shutdown.begun = true;
    for (const [socket, { isIdle }] of connections) if (isIdle()) socket.destroy();
    closeNodeIdle();
  };
  server.closeAllConnections = () => {
    for (const socket of connections.keys()) socket.destroy();
    closeNodeAll();
  };
}

type LaneContext = {
  readonly server: Server;
  readonly read: FastLaneReader;
  readonly serve: FastLaneServe;
  readonly slowReaders: SlowReaders;
  readonly shutdown: { readonly begun: boolean };
  readonly leave: (socket: Socket, data: UnansweredData) => void;
};

function handleConnection(
  socket: Socket,
  { server, read, serve, slowReaders, shutdown, leave }: LaneContext,
): FastLaneConnection {
  let state: 'silent' | 'idle' | 'answering' = 'silent';
  let queued: Buffer | null = null;
  let isEnded = false;

  const onData = (chunk: Buffer): void => {
    if (state === 'answering') {
      // The client has sent another request before the answer. This chunk is handled after the
      // current answer, and nothing more is read until then.
      queued = chunk;
      socket.pause();
      return;
    }
    if (state === 'silent') socket.setTimeout(server.timeout);
    state = 'idle';
    const found = shutdown.begun ? null : read(chunk);
    const answer = found === null ? null : serve(found.request, found.body);
    if (answer === null) handOver(chunk);
    else if (answer instanceof Promise) wait(chunk, answer);
    else if (!send(answer)) socket.pause();
  };
  const wait = (chunk: Buffer, answer: Promise<FastLaneAnswer | null>): void => {
    state = 'answering';
    const finish = (result: FastLaneAnswer | null): void => {
      state = 'idle';
      if (socket.destroyed) return;
      if (result === null) handOver(chunk);
      else if (send(result)) goOn();
      else socket.pause();
    };
    // After a failure, node:http handles the request again and sends the error response.
    answer.then(finish, () => finish(null));
  };
  /**
   * Sends an answer. Returns false if the client reads slowly: then nothing more is read until the
   * answer was sent.
   */
  const send = (answer: FastLaneAnswer): boolean => {
    if (typeof answer === 'string') return socket.write(answer, 'latin1');
    if (Buffer.isBuffer(answer)) return socket.write(answer);
    socket.cork();
    socket.write(answer.head, 'latin1');
    socket.write(answer.bytes);
    socket.uncork();
    slowReaders.track(answer.bytes, socket);
    return !socket.writableNeedDrain;
  };
  const goOn = (): void => {
    if (state === 'answering') return;
    socket.resume();
    const next = queued;
    queued = null;
    if (next !== null) onData(next);
    else if (isEnded) socket.end();
  };
  const onEnd = (): void => {
    isEnded = true;
    if (state !== 'answering' && queued === null) socket.end();
  };
  const handOver = (chunk: Buffer): void => {
    for (const [event, listener] of listeners) socket.off(event, listener);
    socket.setTimeout(0);
    leave(socket, { chunk: queued === null ? chunk : Buffer.concat([chunk, queued]), isEnded });
  };
  const listeners: readonly (readonly [string, (chunk: Buffer) => void])[] = [
    ['data', onData],
    ['end', onEnd],
    ['drain', goOn],
    ['timeout', () => void socket.destroy()],
    ['error', () => void socket.destroy()],
  ];
  for (const [event, listener] of listeners) socket.on(event, listener);
  socket.setTimeout(SILENCE_MS_MAX);
  // A connection that is still sending an answer is not idle. Closing it would cut off a long CRL.
  return { isIdle: () => state !== 'answering' && socket.writableLength === 0 };
}
