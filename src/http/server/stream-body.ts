/**
 * Reads a long body in pieces, at the speed of the caller: while the caller processes one piece,
 * hardly more than the buffer of a socket is read, and then the client has to wait.
 */
import type { IncomingMessage } from 'node:http';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { BodyFailure } from './body.js';
import { sendContinue } from './continue.js';

export type StreamLimits = {
  readonly bytesMax: number;
  /** How long one read waits for the client to send something. */
  readonly idleMs: number;
  /** How long the body may take, from the first read until its end. */
  readonly totalMs: number;
};

/**
 * Returns the next bytes; null: the body has ended. It must not be called again after a failure.
 */
export type ReadNextBytes = () => Promise<Result<Bytes | null, BodyFailure>>;

/**
 * Returns the function that reads the next bytes of a body; its first call starts the reading.
 * Reading fails if the body is too large, or if the client sends too slowly or leaves.
 */
export function streamBody(request: IncomingMessage, { bytesMax, idleMs, totalMs }: StreamLimits): ReadNextBytes {
  // The iterator must leave the request open, because destroying it would close the connection
  // before the answer is sent.
  const chunks: AsyncIterator<Buffer> = request.iterator({ destroyOnReturn: false });
  const tooLarge = err({ kind: 'too-large', bytesMax } as const);
  let length = 0;
  let deadline: number | null = null;
  return async () => {
    if (Number(request.headers['content-length'] ?? 0) > bytesMax) return tooLarge;
    sendContinue(request);
    const now = performance.now();
    deadline ??= now + totalMs;
    const next = await within(Math.min(idleMs, deadline - now), chunks.next());
    if (next === null) return err({ kind: 'body-too-slow' });
    if (next.done === true) return ok(null);
    length += next.value.length;
    return length > bytesMax ? tooLarge : ok(next.value);
  };
}

/**
 * Waits for the promise, for `ms` at most. null: the time has passed, or the promise was rejected
 * because the client has left.
 */
async function within<Value>(ms: number, promise: Promise<Value>): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), Math.max(0, ms));
  });
  try {
    return await Promise.race([promise.catch(() => null), late]);
  } finally {
    clearTimeout(timer);
  }
}
