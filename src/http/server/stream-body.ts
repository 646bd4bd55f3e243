/**
 * Reads a body of any length, as fast as the caller takes it: while the caller works on one piece,
 * little more than a socket's buffer is read ahead, and then the client has to wait.
 */
import type { IncomingMessage } from 'node:http';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { BodyFailure } from './body.js';
import { letContinue } from './continue.js';

export type StreamLimits = {
  readonly bytesMax: number;
  /** How long the client may send nothing while it is waited for. */
  readonly idleMs: number;
  /** From the first read until the end of the body. */
  readonly totalMs: number;
};

/** Returns the next octets; null: the body has ended. After a failure it is not called again. */
export type ReadBody = () => Promise<Result<Bytes | null, BodyFailure>>;

export function streamBody(request: IncomingMessage, { bytesMax, idleMs, totalMs }: StreamLimits): ReadBody {
  // The iterator must not destroy the request, because the connection would end before the answer.
  const chunks: AsyncIterator<Buffer> = request.iterator({ destroyOnReturn: false });
  const tooLarge = err({ kind: 'too-large', bytesMax } as const);
  let length = 0;
  let deadline: number | null = null;
  return async () => {
    if (Number(request.headers['content-length'] ?? 0) > bytesMax) return tooLarge;
    letContinue(request);
    const now = performance.now();
    deadline ??= now + totalMs;
    const next = await within(Math.min(idleMs, deadline - now), chunks.next());
    if (next === null) return err({ kind: 'body-too-slow' });
    if (next.done === true) return ok(null);
    length += next.value.length;
    return length > bytesMax ? tooLarge : ok(next.value);
  };
}

/** null: it has taken too long, or the client has left. */
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
