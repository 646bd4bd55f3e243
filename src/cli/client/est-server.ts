/**
 * Calls of an EST server (RFC 7030) by a client that signs in with the certificate to be renewed.
 */
import { request } from 'node:https';
import { SECOND_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';

export type EstClient = {
  /** `https://host:8443`, without a path. */
  readonly url: string;
  /** PEM. */
  readonly trust: string;
  readonly certificate: string;
  readonly key: string;
  /** null: paths have no label. */
  readonly label: string | null;
};

export type RetryWorld = {
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Retries end after this time. */
  readonly timeoutMs: number;
  /** Called before a retry whose reason is not the one of the retry before. */
  readonly onWaiting: (reason: string) => void;
};

export type EstFailure =
  /** The server has decided; `words` is what it says. */
  | { readonly kind: 'refused'; readonly status: number; readonly words: string }
  | { readonly kind: 'gave-up'; readonly reason: string };

type Message = { readonly operation: 'cacerts' | 'simplereenroll'; readonly body: string | null };
type Answer = { readonly status: number; readonly retryAfterMs: number | null; readonly body: string };

const ATTEMPT_MS = 60 * SECOND_MS;
const FIRST_PAUSE_MS = SECOND_MS;
const PAUSE_MAX_MS = 60 * SECOND_MS;
const ANSWER_BYTES_MAX = 256 * 1_024;
const WORDS_MAX = 2_000;

/**
 * The body of a 200, DER. Sends the message again after network errors, 202 (RFC 7030 4.2.3), 408,
 * 429 and 5xx, as Retry-After says.
 */
export async function askEst(
  client: EstClient,
  message: Message,
  { steadyMs, sleep, timeoutMs, onWaiting }: RetryWorld,
): Promise<Result<Uint8Array, EstFailure>> {
  const end = steadyMs() + timeoutMs;
  let reported = '';
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS)) {
    const answer = await attempt(client, message, Math.max(1, Math.min(ATTEMPT_MS, end - steadyMs())));
    if (answer.ok && answer.value.status === 200) return ok(fromBase64(answer.value.body));
    if (answer.ok && !isWorthRetrying(answer.value.status)) {
      const { status, body } = answer.value;
      return err({ kind: 'refused', status, words: body.slice(0, WORDS_MAX).trim() });
    }
    const reason = answer.ok ? `${answer.value.status} ${answer.value.body.slice(0, WORDS_MAX).trim()}` : answer.error;
    const waitMs = Math.max(answer.ok ? (answer.value.retryAfterMs ?? pauseMs) : pauseMs, FIRST_PAUSE_MS);
    if (steadyMs() + waitMs >= end) return err({ kind: 'gave-up', reason });
    if (reason !== reported) onWaiting(reason);
    reported = reason;
    await sleep(waitMs);
  }
}

function isWorthRetrying(status: number): boolean {
  // 501 says that the server will never do it.
  return status === 202 || status === 408 || status === 429 || (status >= 500 && status !== 501);
}

/** White space may be anywhere (RFC 8951 3). */
function fromBase64(body: string): Uint8Array {
  return new Uint8Array(Buffer.from(body.replace(/\s+/g, ''), 'base64'));
}

/** One request on a connection of its own. The error says why there was no answer. */
function attempt(client: EstClient, { operation, body }: Message, withinMs: number): Promise<Result<Answer, string>> {
  const { url, trust, certificate, key, label } = client;
  const path = ['/.well-known/est', ...(label === null ? [] : [encodeURIComponent(label)]), operation].join('/');
  const type = { 'content-type': 'application/pkcs10', 'content-transfer-encoding': 'base64' };
  const headers = body === null ? {} : { ...type, 'content-length': String(Buffer.byteLength(body)) };
  const method = body === null ? 'GET' : 'POST';
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(withinMs);
    const failed = (error: Error): void =>
      resolve(err(signal.aborted ? `no answer in ${Math.ceil(withinMs / SECOND_MS)} s` : error.message));
    const credentials = { ca: trust, cert: certificate, key, minVersion: 'TLSv1.2' } as const;
    const call = request(new URL(path, url), { method, headers, signal, agent: false, ...credentials });
    call.on('error', failed);
    call.on('response', (response) => {
      const parts: Buffer[] = [];
      let octets = 0;
      response.on('data', (part: Buffer) => {
        octets += part.length;
        parts.push(part);
        if (octets > ANSWER_BYTES_MAX) call.destroy(new Error(`an answer of more than ${ANSWER_BYTES_MAX} octets`));
      });
      response.on('error', failed);
      response.on('end', () => {
        const retryAfterMs = secondsOf(response.headers['retry-after']);
        const text = Buffer.concat(parts).toString('utf8');
        resolve(ok({ status: response.statusCode ?? 0, retryAfterMs, body: text }));
      });
    });
    call.end(body ?? undefined);
  });
}

/** Retry-After in its form of seconds (RFC 9110 10.2.3); null: absent, or a date. */
function secondsOf(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) * SECOND_MS : null;
}
