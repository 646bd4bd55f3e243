/**
 * Serves one Unix socket of one token for one caller role. It checks what this role may request,
 * and passes requests on to the token host.
 */
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { CallerSocket } from '../configuration.js';
import { refusalFrame, unavailableFrame } from '../wire/answers.js';
import { createFrameWriter } from '../wire/frame-writer.js';
import { createFrameDecoder, encodeFrame, type Frame, setRequestId } from '../wire/frames.js';
import { type CallerRole, FRAME_REQUESTS, roleMayRequest } from '../wire/permissions.js';
import { priorityOf } from '../wire/priorities.js';
import { socketAddress } from '../wire/socket-address.js';
import { prepareSocketFolder, type SocketFolderExposed } from '../wire/socket-folder.js';
import type { CrlForwarding, TokenHost } from './token-host.js';

export type SocketServer = { close(): void };

const CONNECTIONS_MAX = 16;
const UNANSWERED_MAX = 2_000;
const CRL_STREAMS_MAX = 4;
/** When a caller has left so many bytes of answers unread, its next requests are not read. */
const UNREAD_BYTES_MAX = 1024 * 1024;
/** The connection is closed when no part of a CRL arrives for this long. */
const CRL_IDLE_MS = 60_000;

/**
 * Listens on the socket. The caller has the lock of the run folder, so that an existing socket
 * belongs to a process that has ended.
 */
export async function openSocketServer(
  place: CallerSocket,
  host: TokenHost,
): Promise<Result<SocketServer, SocketFolderExposed>> {
  const { role, path, groupId } = place;
  const folder = prepareSocketFolder(dirname(path), groupId);
  if (!folder.ok) return folder;
  rmSync(path, { force: true });
  const connections = new Set<Socket>();
  const server: Server = createServer((socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    serve(socket, role, host);
  });
  server.maxConnections = CONNECTIONS_MAX;
  await new Promise<void>((resolve, reject) => {
    // The handler stays after `listen`: a connection that cannot be accepted ends neither this
    // server nor the process.
    server.on('error', reject);
    server.listen(socketAddress(path), resolve);
  });
  const close = (): void => {
    server.close();
    for (const socket of connections) socket.destroy();
  };
  chmodSync(path, groupId === undefined ? 0o600 : 0o660);
  const { gid } = lstatSync(path);
  if (groupId !== undefined && gid !== groupId) {
    close();
    return err({ kind: 'socket-folder-exposed', folder: dirname(path), detail: `its socket has group ${gid}` });
  }
  return ok({ close });
}

type CrlStream = { readonly forwarding: CrlForwarding; lastAt: number };

function serve(socket: Socket, role: CallerRole, host: TokenHost): void {
  const write = createFrameWriter(socket);
  const decoder = createFrameDecoder();
  const crls = new Map<number, CrlStream>();
  let unanswered = 0;
  /** Decoded frames that wait until the caller reads its answers. */
  let waiting: readonly Frame[] = [];

  const isFull = (): boolean => socket.writableLength > UNREAD_BYTES_MAX;
  const readOn = (): void => {
    if (waiting.length === 0) socket.resume();
  };
  const answerTo = (id: number): ((encoded: Buffer) => void) => {
    unanswered += 1;
    return (encoded) => {
      unanswered -= 1;
      crls.delete(id);
      // Reading may be paused because of the CRL that is answered here.
      readOn();
      write(setRequestId(encoded, id));
    };
  };
  const refuse = (id: number, rule: string, detail: string): void => {
    host.refused({ rule, role });
    write(encodeFrame(refusalFrame(id, { rule, detail })));
  };

  function passCrl(frame: Frame): void {
    if (frame.type === 'crl-begin') {
      if (crls.has(frame.id) || crls.size >= CRL_STREAMS_MAX) {
        refuse(frame.id, 'crl-stream', `this stream is open already, or more than ${CRL_STREAMS_MAX} are open`);
        return;
      }
      const forwarding = host.openCrl(frame, { answer: answerTo(frame.id), onDrain: readOn });
      if (forwarding) crls.set(frame.id, { forwarding, lastAt: performance.now() });
      return;
    }
    // The stream is no longer there if the CRL was answered while this part was in transit.
    const stream = crls.get(frame.id);
    if (!stream) return;
    stream.lastAt = performance.now();
    if (frame.type === 'crl-abort') {
      crls.delete(frame.id);
      unanswered -= 1;
      stream.forwarding.abort();
    } else if (!stream.forwarding.forward(frame)) socket.pause();
  }

  function receive(frame: Frame): void {
    const kind = FRAME_REQUESTS[frame.type];
    if (frame.type === 'status') {
      write(encodeFrame({ type: 'state', id: frame.id, meta: host.status() }));
    } else if (frame.type === 'bad-signature') {
      host.reportBadSignature(frame.body, role);
      write(encodeFrame({ type: 'state', id: frame.id, meta: host.status() }));
    } else if (kind === null) {
      refuse(frame.id, 'frame-type', `${frame.type} is no request`);
    } else if (!roleMayRequest(role, kind)) {
      refuse(frame.id, 'kind-not-of-this-role', `${role} may not request ${kind}`);
    } else if (unanswered >= UNANSWERED_MAX) {
      write(encodeFrame(unavailableFrame(frame.id, 1_000, `${unanswered} requests of this connection are unanswered`)));
    } else if (kind === 'crl') {
      passCrl(frame);
    } else {
      host.ask({
        encoded: frame.encoded,
        priority: priorityOf(role, frame),
        answer: answerTo(frame.id),
        isWanted: () => !socket.destroyed,
      });
    }
  }

  function receiveAll(frames: readonly Frame[]): void {
    for (const [at, frame] of frames.entries()) {
      if (isFull()) {
        waiting = frames.slice(at);
        socket.pause();
        return;
      }
      receive(frame);
    }
  }

  const idle = setInterval(() => {
    const now = performance.now();
    for (const stream of crls.values()) if (now - stream.lastAt > CRL_IDLE_MS) socket.destroy();
  }, CRL_IDLE_MS / 4);
  socket.on('data', (chunk: Buffer) => {
    const frames = decoder.push(chunk);
    if (!frames.ok) socket.destroy();
    else receiveAll(frames.value);
  });
  socket.on('drain', () => {
    const frames = waiting;
    if (frames.length === 0) return;
    waiting = [];
    socket.resume();
    receiveAll(frames);
  });
  // A 'close' event follows each error, and its handler does all that is needed.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    clearInterval(idle);
    for (const { forwarding } of crls.values()) forwarding.abort();
    crls.clear();
  });
}
