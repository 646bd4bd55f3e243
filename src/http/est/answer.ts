/**
 * What EST answers: messages in base64, and failures in words (RFC 7030 4.2.3). Names of header
 * fields are written as in RFC 7030, because libest tells upper case from lower case.
 */
import type { TLSSocket } from 'node:tls';
import { encodeBody } from '../../est/body.js';
import type { Language } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { type HttpFailure, type Problem, problemOf } from '../api/problems.js';
import { type ApiExchange, type ExchangeParts, languageOf, recordRefusal } from '../trail/exchange.js';

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

export async function sendFailure(
  parts: Pick<ExchangeParts, 'trail' | 'metrics'>,
  ctx: ApiExchange,
  failure: HttpFailure,
): Promise<void> {
  await recordRefusal(parts, ctx, failure);
  const language: Language = languageOf(ctx, 'en');
  const { problem, headers } = problemOf(failure, { requestId: ctx.state.requestId, language });
  ctx.status = WAITING.has(failure.kind) ? 202 : problem.status;
  for (const [name, value] of Object.entries(headers)) ctx.set(written(name), value);
  ctx.set({ 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  ctx.body = isFirstChallenge(ctx, failure) ? '' : wordsOf(problem, failure);
}

/**
 * The client has sent nothing that could be wrong, and will authenticate now. Bouncy Castle gives
 * up where this answer has a body.
 */
function isFirstChallenge({ req }: ApiExchange, { kind }: HttpFailure): boolean {
  const { authorization } = req.headers;
  const hasCertificate = (req.socket as TLSSocket).getPeerX509Certificate?.() !== undefined;
  return kind === 'authentication-required' && authorization === undefined && !hasCertificate;
}

/** `retry-after` -> `Retry-After`. */
function written(name: string): string {
  return name.replace(/^www|(?<=^|-)[a-z]/g, (start) => start.toUpperCase());
}

/** A line for the problem, and one for each violation with its rule. */
function wordsOf({ title, detail, violations = [] }: Problem, failure: HttpFailure): string {
  const lines =
    violations.length > 0
      ? violations.map(({ message, rule }) => `${message} (${rule})`)
      : [`${detail}${'rule' in failure ? ` (${failure.rule})` : ''}`];
  return [title, ...lines].map((line) => `${line}\n`).join('');
}
