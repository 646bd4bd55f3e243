/**
 * A connection to one socket of the supervisor: made when it is needed, made again when it breaks, many requests at a time.
 * What was asked and not answered is asked again on the next connection, the same bytes, until its deadline; parts of a CRL are not.
 * Of who asks for a status, or for an answer about one, there are many, and each may hear `tryLater`: where nobody is behind the
 * socket, they hear so after a moment.
 */
import { createConnection as connectTo, type Socket } from 'node:net';
import type { Bytes } from '../../src/kernel/bytes.js';
import { createFrameWriter } from '../wire/frame-writer.js';
import { createFrameDecoder, encodeFrame, type Frame, type FrameType, type Meta } from '../wire/frames.js';
import { socketAddress } from '../wire/socket-address.js';

export type NoAnswer = { readonly kind: 'no-answer'; readonly detail: string; readonly retryAfterMs: number };
export type Reply = Frame | NoAnswer;

export type Connection = {
  ask(type: FrameType, meta: Meta, body?: Bytes): Promise<Reply>;
  /** Starts a CRL. Parts are sent as they come; `reply` settles with the answer, or when the connection breaks. */
  stream(meta: Meta): CrlStream;
  /** It broke, or could not be made, and is not there again. */
  isBroken(): boolean;
  close(): void;
};
export type CrlStream = {
  /** Resolves when the connection takes more. Does nothing once it was answered. */
  send(chunk: Bytes): Promise<void>;
  end(): void;
  abort(): void;
  readonly reply: Promise<Reply>;
  isAnswered(): boolean;
};
export type ConnectionLimits = { readonly deadlineMs: number; readonly inFlightMax: number };

type Pending = {
  /** The frame to be sent again; null for a CRL, which is not. */
  readonly whole: Buffer | null;
  /** Waits for a signer that is away. */
  readonly isPatient: boolean;
  readonly settle: (reply: Reply) => void;
  /** For a CRL: the reader of chunks waits for the socket. */
  readonly wake?: () => void;
};
type Line = { readonly socket: Socket; readonly write: (whole: Uint8Array) => boolean };

const RECONNECT_MS_FIRST = 20;
const RECONNECT_MS_MAX = 500;
const RETRY_AFTER_MS = 1_000;
const NOBODY = 'nobody listens on the socket of the signer';
/** What waits for no signer that has been away for longer than `AWAY_MS`. */
const IMPATIENT: ReadonlySet<FrameType> = new Set(['ocsp', 'status']);
/** A supervisor that is replaced is back in so long, where all goes well. */
const AWAY_MS = 300;

export function createConnection(path: string, { deadlineMs, inFlightMax }: ConnectionLimits): Connection {
  const pending = new Map<number, Pending>();
  let line: Line | null = null;
  let connecting: Socket | null = null;
  let retry: NodeJS.Timeout | null = null;
  let pauseMs = RECONNECT_MS_FIRST;
  let nextId = 1;
  /** When it broke, or could not be made; null: it is there, or was never tried. */
  let brokenAt: number | null = null;
  let closed = false;

  function takeId(): number {
    do nextId = nextId === 0xffff_ffff ? 1 : nextId + 1;
    while (pending.has(nextId));
    return nextId;
  }

  const isAway = (): boolean => brokenAt !== null && performance.now() - brokenAt > AWAY_MS;

  function settle(id: number, reply: Reply): void {
    const asked = pending.get(id);
    if (!asked) return;
    pending.delete(id);
    asked.settle(reply);
    asked.wake?.();
  }

  function connect(): void {
    if (line || connecting || retry || closed) return;
    const socket = connectTo(socketAddress(path));
    connecting = socket;
    const decoder = createFrameDecoder();
    socket.on('connect', () => {
      connecting = null;
      pauseMs = RECONNECT_MS_FIRST;
      brokenAt = null;
      line = { socket, write: createFrameWriter(socket) };
      for (const { whole } of pending.values()) if (whole) line.write(whole);
    });
    socket.on('data', (chunk: Buffer) => {
      const frames = decoder.push(chunk);
      if (!frames.ok) socket.destroy();
      else for (const frame of frames.value) settle(frame.id, frame);
    });
    socket.on('drain', () => {
      for (const { wake } of pending.values()) wake?.();
    });
    // The close that follows says all there is to do.
    socket.on('error', () => undefined);
    socket.on('close', broken);
  }

  function broken(): void {
    line = null;
    connecting = null;
    brokenAt ??= performance.now();
    for (const [id, { whole, isPatient }] of pending) {
      if (whole === null) settle(id, noAnswer('the connection to the signer broke while it read the CRL'));
      else if (!isPatient && isAway()) settle(id, noAnswer(NOBODY));
    }
    if (closed) return;
    // Also where nobody waits: who asks meanwhile, however many they are, does not knock again.
    retry = setTimeout(() => {
      retry = null;
      if (pending.size > 0) connect();
    }, pauseMs).unref();
    pauseMs = Math.min(RECONNECT_MS_MAX, pauseMs * 2);
  }

  function ask(type: FrameType, meta: Meta, body?: Bytes): Promise<Reply> {
    if (pending.size >= inFlightMax) return Promise.resolve(noAnswer(`${pending.size} requests are unanswered`));
    const isPatient = !IMPATIENT.has(type);
    if (!isPatient && isAway() && retry !== null) return Promise.resolve(noAnswer(NOBODY));
    const id = takeId();
    const whole = encodeFrame(body === undefined ? { type, id, meta } : { type, id, meta, body });
    return new Promise((resolve) => {
      const timer = setTimeout(settle, deadlineMs, id, noAnswer(`no answer in ${deadlineMs} ms`));
      pending.set(id, {
        ...{ whole, isPatient },
        settle(reply) {
          clearTimeout(timer);
          resolve(reply);
        },
      });
      if (line) line.write(whole);
      else connect();
    });
  }

  function stream(meta: Meta): CrlStream {
    const id = takeId();
    let answered = false;
    let timer: NodeJS.Timeout | null = null;
    let wake: (() => void) | null = null;
    const waitedEnough = (): void => settle(id, noAnswer(`the signer took nothing for ${deadlineMs} ms`));
    const expect = (): void => {
      if (timer) clearTimeout(timer);
      timer = setTimeout(waitedEnough, deadlineMs);
    };
    const reply = new Promise<Reply>((resolve) => {
      pending.set(id, {
        ...{ whole: null, isPatient: true },
        settle(answer) {
          answered = true;
          if (timer) clearTimeout(timer);
          resolve(answer);
        },
        wake: () => wake?.(),
      });
    });
    /** Without a connection there is none to come for this CRL: begin when there is one. */
    const put = (type: FrameType, content: { readonly meta?: Meta; readonly body?: Bytes } = {}): boolean =>
      line === null || line.write(encodeFrame({ type, id, ...content }));
    const opened = whenConnected(() => answered).then((connected) => {
      if (!connected) settle(id, noAnswer('no connection to the signer'));
      else put('crl-begin', { meta });
    });
    return {
      reply,
      isAnswered: () => answered,
      async send(body) {
        await opened;
        if (answered || put('crl-chunk', { body })) return;
        expect();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
        if (timer) clearTimeout(timer);
      },
      end() {
        if (answered) return;
        put('crl-end');
        expect();
      },
      abort() {
        if (!answered) put('crl-abort');
        settle(id, noAnswer('aborted'));
      },
    };
  }

  async function whenConnected(isAnswered: () => boolean): Promise<boolean> {
    const until = performance.now() + deadlineMs;
    while (!line && !closed && !isAnswered() && performance.now() < until) {
      connect();
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS_FIRST));
    }
    return line !== null;
  }

  return {
    ask,
    stream,
    isBroken: () => brokenAt !== null,
    close() {
      closed = true;
      if (retry) clearTimeout(retry);
      for (const id of [...pending.keys()]) settle(id, noAnswer('the connection was closed'));
      line?.socket.destroy();
      connecting?.destroy();
    },
  };
}

function noAnswer(detail: string): NoAnswer {
  return { kind: 'no-answer', detail, retryAfterMs: RETRY_AFTER_MS };
}
