/** Sends requests, and retries them as the answers of the service ask for it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type BodyInit, fetch } from 'undici';
import type { Connections } from './connections.js';
import { PfcngError } from './failure.js';
import { isRepeatable } from './idempotency.js';

export type Sender = {
  readonly connections: Connections;
  /** Milliseconds after which a request is not sent again. */
  readonly deadlineMs: number;
};

export type OutgoingRequest = {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  /** A new body for each time that the request is sent; null: it has none. */
  readonly body: () => BodyInit | null;
  readonly signal?: AbortSignal;
};

const FIRST_PAUSE_MS = 500;
const PAUSE_MAX_MS = 30_000;

/**
 * The first answer that is not 409 `in-progress`, 429 or 503, or the last one before the deadline.
 * Retry-After says when the request is sent again. After a lost connection, only a GET or a request
 * with an idempotency key is sent again. Throws `PfcngError` with `no-answer`.
 */
export async function send({ connections, deadlineMs }: Sender, sent: OutgoingRequest): Promise<Response> {
  const endMs = performance.now() + deadlineMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS)) {
    const answer = await attempt(connections, sent);
    const waitMs = answer instanceof Response ? waitOf(answer, pauseMs) : pauseMs;
    const isLast = performance.now() + waitMs >= endMs || sent.signal?.aborted === true;
    if (answer instanceof Response) {
      if (isLast || !(await isWorthRetrying(answer))) return answer;
      await answer.body?.cancel();
    } else if (isLast || !isRepeatable(sent.method, sent.headers))
      throw new PfcngError({ code: 'no-answer', cause: answer.cause });
    await sleep(waitMs);
  }
}

type NoAnswer = { readonly cause: unknown };

async function attempt(connections: Connections, sent: OutgoingRequest): Promise<Response | NoAnswer> {
  const { url, method, headers, signal } = sent;
  try {
    const answer = await fetch(url, {
      method,
      headers: [...headers],
      body: sent.body(),
      duplex: 'half',
      redirect: 'error',
      dispatcher: connections.current(),
      ...(signal === undefined ? {} : { signal }),
    });
    // Callers get the Response class of Node instead of the one of the undici package.
    return new Response(answer.body as ReadableStream<Uint8Array> | null, {
      status: answer.status,
      headers: [...answer.headers],
    });
  } catch (error) {
    return { cause: error instanceof Error && error.cause !== undefined ? error.cause : error };
  }
}

async function isWorthRetrying(answer: Response): Promise<boolean> {
  if (answer.status === 429 || answer.status === 503) return true;
  if (answer.status !== 409) return false;
  const text = await answer.clone().text();
  return text.includes('"in-progress"');
}

function waitOf(answer: Response, pauseMs: number): number {
  const seconds = answer.headers.get('retry-after');
  return seconds !== null && /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1_000 : pauseMs;
}
