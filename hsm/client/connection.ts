/**
 * A connection to one socket of the supervisor. It is opened when it is needed, opened again when
 * it breaks, and carries many requests at a time. An unanswered request is sent again on the next
 * connection, with the same bytes, until its time limit. Parts of a CRL are not sent again.
 *
 * There can be very many requests for a status or for an OCSP response, and their callers can
 * retry. While nothing listens on the socket, these requests fail after a moment.
 */
import { createConnection as connectTo, type Socket } from 'node:net';
import type { Bytes } from '../../src/kernel/bytes.js';
import { createFrameWriter } from '../wire/frame-writer.js';
import { createFrameDecoder, encodeFrame, type FrameType, type Meta } from '../wire/frames.js';
import { socketAddress } from '../wire/socket-address.js';
import { type CrlRequest, openCrlRequest } from './crl-request.js';
import { noAnswer, type PendingRequest, type Reply } from './pending-request.js';

export type Connection = {
  ask(type: FrameType, meta: Meta, body?: Bytes): Promise<Reply>;
  /**
   * Begins a CRL, whose chunks are sent with the functions of the result. Its `reply` settles with
   * the answer, or with the reason why there will be none.
   */
  stream(meta: Meta): CrlRequest;
  /** Whether the connection broke, or could not be opened, and is not open again. */
  isBroken(): boolean;
  close(): void;
};
type ConnectionLimits = { readonly deadlineMs: number; readonly inFlightMax: number };

type OpenSocket = { readonly socket: Socket; readonly write: (encoded: Uint8Array) => boolean };

const RECONNECT_MS_FIRST = 20;
const RECONNECT_MS_MAX = 500;
const CLOSED = 'the connection was closed';
const NO_LISTENER = 'no process listens on the socket of the signer';
/**
 * Types of requests that fail when there has been no connection for longer than `UNAVAILABLE_MS`,
 * instead of waiting for one.
 */
const FAIL_FAST: ReadonlySet<FrameType> = new Set(['ocsp', 'status']);
/**
 * After this time without a connection, the requests in `FAIL_FAST` fail. A restart of the
 * supervisor normally takes less time.
 */
const UNAVAILABLE_MS = 300;

export function createConnection(path: string, { deadlineMs, inFlightMax }: ConnectionLimits): Connection {
  const pending = new Map<number, PendingRequest>();
  let open: OpenSocket | null = null;
  let connecting: Socket | null = null;
  let retry: NodeJS.Timeout | null = null;
  let pauseMs = RECONNECT_MS_FIRST;
  let nextId = 1;
  /**
   * The time at which the connection broke or could not be opened; null: it is open, or was never
   * tried.
   */
  let brokenAt: number | null = null;
  let closed = false;

  function takeId(): number {
    do nextId = nextId === 0xffff_ffff ? 1 : nextId + 1;
    while (pending.has(nextId));
    return nextId;
  }

  const isUnavailable = (): boolean => brokenAt !== null && performance.now() - brokenAt > UNAVAILABLE_MS;

  function settle(id: number, reply: Reply): void {
    const request = pending.get(id);
    if (!request) return;
    pending.delete(id);
    request.settle(reply);
    request.wake?.();
  }

  function connect(): void {
    if (open || connecting || retry || closed) return;
    const socket = connectTo(socketAddress(path));
    connecting = socket;
    const decoder = createFrameDecoder();
    socket.on('connect', () => {
      connecting = null;
      pauseMs = RECONNECT_MS_FIRST;
      brokenAt = null;
      open = { socket, write: createFrameWriter(socket) };
      for (const { encoded } of pending.values()) if (encoded) open.write(encoded);
    });
    socket.on('data', (chunk: Buffer) => {
      const frames = decoder.push(chunk);
      if (!frames.ok) socket.destroy();
      else for (const frame of frames.value) settle(frame.id, frame);
    });
    socket.on('drain', () => {
      for (const { wake } of pending.values()) wake?.();
    });
    // A 'close' event follows each error, and its handler does all that is needed.
    socket.on('error', () => undefined);
    socket.on('close', onClose);
  }

  function onClose(): void {
    open = null;
    connecting = null;
    brokenAt ??= performance.now();
    for (const [id, { encoded, waitsForSigner }] of pending) {
      if (encoded === null) settle(id, noAnswer('the connection to the signer broke while it read the CRL'));
      else if (!waitsForSigner && isUnavailable()) settle(id, noAnswer(NO_LISTENER));
    }
    if (closed) return;
    // The timer runs without pending requests too: the next requests, however many, must not
    // connect before the pause is over.
    retry = setTimeout(() => {
      retry = null;
      if (pending.size > 0) connect();
    }, pauseMs).unref();
    pauseMs = Math.min(RECONNECT_MS_MAX, pauseMs * 2);
  }

  function ask(type: FrameType, meta: Meta, body?: Bytes): Promise<Reply> {
    if (closed) return Promise.resolve(noAnswer(CLOSED));
    if (pending.size >= inFlightMax) return Promise.resolve(noAnswer(`${pending.size} requests are unanswered`));
    const waitsForSigner = !FAIL_FAST.has(type);
    if (!waitsForSigner && isUnavailable() && retry !== null) return Promise.resolve(noAnswer(NO_LISTENER));
    const id = takeId();
    const encoded = encodeFrame(body === undefined ? { type, id, meta } : { type, id, meta, body });
    return new Promise((resolve) => {
      const timer = setTimeout(settle, deadlineMs, id, noAnswer(`no answer in ${deadlineMs} ms`));
      pending.set(id, {
        encoded,
        waitsForSigner,
        settle(reply) {
          clearTimeout(timer);
          resolve(reply);
        },
      });
      if (open) open.write(encoded);
      else connect();
    });
  }

  async function whenConnected(isAnswered: () => boolean): Promise<boolean> {
    const until = performance.now() + deadlineMs;
    while (!open && !closed && !isAnswered() && performance.now() < until) {
      connect();
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS_FIRST));
    }
    return open !== null;
  }

  return {
    ask,
    stream(meta) {
      const id = takeId();
      const world = {
        id,
        deadlineMs,
        register: (request: PendingRequest) => void pending.set(id, request),
        settle: (reply: Reply) => settle(id, reply),
        write: (encoded: Uint8Array) => open?.write(encoded) ?? null,
        whenConnected,
      };
      return openCrlRequest(world, meta);
    },
    isBroken: () => brokenAt !== null,
    close() {
      closed = true;
      if (retry) clearTimeout(retry);
      for (const id of [...pending.keys()]) settle(id, noAnswer(CLOSED));
      open?.socket.destroy();
      connecting?.destroy();
    },
  };
}
