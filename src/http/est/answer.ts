/** Sends the answers of EST: messages in base64, and failures as plain text (RFC 7030 4.2.3). */
import { encodeBody } from '../../est/request.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { HttpFailure } from '../api/problems.js';
import { certificateOf } from '../server/client-of.js';
import type { ApiExchange, ExchangeParts } from '../trail/exchange.js';
import { sendPlainTextFailure } from '../trail/plain-text-failure.js';

export type EstMessage = {
  readonly type: 'application/pkcs7-mime' | 'application/pkcs7-mime; smime-type=certs-only' | 'application/csrattrs';
  readonly der: Bytes;
};

/**
 * Sends a message in base64. It has the Content-Transfer-Encoding header field, which RFC 8951
 * (section 3) has abolished, because older clients expect it.
 */
export function sendMessage(ctx: ApiExchange, { type, der }: EstMessage): void {
  ctx.status = 200;
  ctx.set({ 'Content-Type': type, 'Content-Transfer-Encoding': 'base64', 'Cache-Control': 'no-store' });
  ctx.body = encodeBody(der);
}

/**
 * Failures after which the client should send the same request again: the request is then
 * continued, or its certificate is returned. They are answered by 202 with Retry-After (RFC 7030
 * 4.2.3).
 */
const WAITING: ReadonlySet<HttpFailure['kind']> = new Set(['in-progress', 'signer-unavailable']);

export function sendFailure(
  parts: Pick<ExchangeParts, 'trail' | 'metrics'>,
  ctx: ApiExchange,
  failure: HttpFailure,
): Promise<void> {
  const waiting = WAITING.has(failure.kind) ? { status: 202 } : {};
  return sendPlainTextFailure(parts, ctx, { failure, ...waiting, isEmpty: isFirstChallenge(ctx, failure) });
}

/**
 * Whether this is the first request of a client that has sent no credentials yet and will
 * authenticate after the challenge. Its answer has no body, because Bouncy Castle stops if a
 * challenge has one.
 */
function isFirstChallenge({ req }: ApiExchange, { kind }: HttpFailure): boolean {
  const { authorization } = req.headers;
  const hasCertificate = certificateOf(req) !== null;
  return kind === 'authentication-required' && authorization === undefined && !hasCertificate;
}
