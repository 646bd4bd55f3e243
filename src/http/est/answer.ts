/** What EST answers: messages in base64, and failures in words (RFC 7030 4.2.3). */
import { encodeBody } from '../../est/body.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { HttpFailure } from '../api/problems.js';
import { certificateOf } from '../server/client-of.js';
import type { ApiExchange, ExchangeParts } from '../trail/exchange.js';
import { sendWords } from '../trail/words.js';

export type EstMessage = {
  readonly type: 'application/pkcs7-mime' | 'application/pkcs7-mime; smime-type=certs-only' | 'application/csrattrs';
  readonly der: Bytes;
};

/** Older clients expect the Content-Transfer-Encoding that RFC 8951 3.1 has abolished. */
export function sendMessage(ctx: ApiExchange, { type, der }: EstMessage): void {
  ctx.status = 200;
  ctx.set({ 'Content-Type': type, 'Content-Transfer-Encoding': 'base64', 'Cache-Control': 'no-store' });
  ctx.body = encodeBody(der);
}

/**
 * Failures after which the same request is worth sending again, and is then continued or answered:
 * 202 with Retry-After (RFC 7030 4.2.3).
 */
const WAITING: ReadonlySet<HttpFailure['kind']> = new Set(['in-progress', 'signer-unavailable']);

export function sendFailure(
  parts: Pick<ExchangeParts, 'trail' | 'metrics'>,
  ctx: ApiExchange,
  failure: HttpFailure,
): Promise<void> {
  const waiting = WAITING.has(failure.kind) ? { status: 202 } : {};
  return sendWords(parts, ctx, { failure, ...waiting, isEmpty: isFirstChallenge(ctx, failure) });
}

/**
 * The client has sent nothing that could be wrong, and will authenticate now. Bouncy Castle gives
 * up where this answer has a body.
 */
function isFirstChallenge({ req }: ApiExchange, { kind }: HttpFailure): boolean {
  const { authorization } = req.headers;
  const hasCertificate = certificateOf(req) !== null;
  return kind === 'authentication-required' && authorization === undefined && !hasCertificate;
}
