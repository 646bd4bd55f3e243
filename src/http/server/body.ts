/** Reads the bodies of requests, and discards the bodies that no handler needs. */
import type { IncomingMessage } from 'node:http';
import { type Bytes, concat } from '../../kernel/bytes.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { awaitsContinue, sendContinue } from './continue.js';
import type { Exchange } from './exchange.js';
import { closeAfterLastAnswer } from './last-answer.js';

export type BodyFailure =
  | { readonly kind: 'too-large'; readonly bytesMax: number }
  | { readonly kind: 'body-too-slow' };

/**
 * How many bytes beyond the limit are read and discarded at most before a body is rejected as too
 * large. Without this, a client that is still sending would often not read the response. A body
 * that declares a greater length is rejected at once.
 */
const DISCARDED_BYTES_MAX = 4 * 1024 * 1024;

type BodyLimits = { readonly bytesMax: number; readonly deadlineMs: number };

/**
 * Reads the whole body. Fails if it is longer than `bytesMax`, if it is not complete after
 * `deadlineMs`, or if the connection breaks.
 */
export function readBody(
  request: IncomingMessage,
  { bytesMax, deadlineMs }: BodyLimits,
): Promise<Result<Bytes, BodyFailure>> {
  const tooLarge = err({ kind: 'too-large', bytesMax } as const);
  if (Number(request.headers['content-length'] ?? 0) > bytesMax + DISCARDED_BYTES_MAX) return Promise.resolve(tooLarge);
  sendContinue(request);
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

/**
 * Discards the body of a request that is answered without it. A long body, or one whose length is
 * not declared, is not read; the connection closes after the answer.
 */
export function discardBody({ request, response }: Exchange): void {
  if (hasShortBody(request)) request.resume();
  else leaveUnread({ request, response });
}

/**
 * Ends the body before an answer is sent that may have been decided before the body had arrived. A
 * client that is still sending may not read the answer, so a short body is read and discarded, for
 * `deadlineMs` at most, unless the client waits for status 100 or the answer closes the connection
 * anyway. If the body has not ended then, its rest is not read, and the connection closes after the
 * answer.
 */
export async function endBody({ request, response }: Exchange, deadlineMs: number): Promise<void> {
  if (request.complete) return;
  if (hasShortBody(request) && !awaitsContinue(request) && response.getHeader('connection') !== 'close')
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, deadlineMs);
      const onEnd = (): void => {
        clearTimeout(timer);
        resolve();
      };
      request.once('end', onEnd).once('error', onEnd).once('close', onEnd).resume();
    });
  if (!request.complete) leaveUnread({ request, response });
}

/** Makes the answer the last one of its connection, and leaves the rest of the body unread. */
function leaveUnread({ request: { socket }, response }: Exchange): void {
  response.setHeader('connection', 'close');
  // node:http calls this method after it has written the last answer of a connection.
  socket.destroySoon = () => closeAfterLastAnswer(socket);
}

/**
 * Whether the request has no body, or declares a body that is as short as those of ordinary
 * requests.
 */
function hasShortBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= SHORT_BODY_BYTES_MAX;
}

const SHORT_BODY_BYTES_MAX = LIMITS.requestBodyBytesMax;
