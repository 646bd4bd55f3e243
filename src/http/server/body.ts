import type { IncomingMessage } from 'node:http';
import { type Bytes, concat } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';

type BodyFailure = { readonly kind: 'too-large'; readonly bytesMax: number } | { readonly kind: 'body-too-slow' };

/**
 * A client that is still sending does not read the response. So at most this many further bytes are
 * read and discarded before the request is rejected.
 */
const DISCARDED_BYTES_MAX = 4 * 1024 * 1024;

type BodyLimits = { readonly bytesMax: number; readonly deadlineMs: number };

/** Reads the whole body, limited in size and time. */
export function readBody(
  request: IncomingMessage,
  { bytesMax, deadlineMs }: BodyLimits,
): Promise<Result<Bytes, BodyFailure>> {
  const tooLarge = err({ kind: 'too-large', bytesMax } as const);
  if (Number(request.headers['content-length'] ?? 0) > bytesMax + DISCARDED_BYTES_MAX) return Promise.resolve(tooLarge);
  return new Promise((resolve) => {
    const parts: Bytes[] = [];
    let length = 0;
    const timer = setTimeout(() => finish(length > bytesMax ? tooLarge : err({ kind: 'body-too-slow' })), deadlineMs);
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length <= bytesMax) parts.push(chunk);
      else if (length > bytesMax + DISCARDED_BYTES_MAX) finish(tooLarge);
    };
    const onEnd = (): void => finish(length > bytesMax ? tooLarge : ok(concat(parts)));
    const onBroken = (): void => finish(err({ kind: 'body-too-slow' }));
    const finish = (outcome: Result<Bytes, BodyFailure>): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
      if (!outcome.ok) request.pause();
      resolve(outcome);
    };
    request.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
  });
}
