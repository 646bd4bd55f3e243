/**
 * Sends failures as plain text, for EST and CMP, whose answers are not JSON (RFC 7030 4.2.3, RFC
 * 9811 3.1). Names of header fields have the capital letters of these RFCs, because libest compares
 * them case-sensitively.
 */
import type { Language } from '../../kernel/bilingual.js';
import { type HttpFailure, type Problem, problemOf } from '../api/problems.js';
import { type ApiExchange, type ExchangeParts, languageOf, recordRefusal } from './exchange.js';

type PlainTextFailure = {
  readonly failure: HttpFailure;
  /** The HTTP status; left out: the one of the problem. */
  readonly status?: number;
  /** Whether the body is empty. */
  readonly isEmpty?: boolean;
};

export async function sendPlainTextFailure(
  parts: Pick<ExchangeParts, 'trail' | 'metrics'>,
  ctx: ApiExchange,
  { failure, status, isEmpty = false }: PlainTextFailure,
): Promise<void> {
  await recordRefusal(parts, ctx, failure);
  const language: Language = languageOf(ctx, 'en');
  const { problem, headers } = problemOf(failure, { requestId: ctx.state.requestId, language });
  ctx.status = status ?? problem.status;
  for (const [name, value] of Object.entries(headers)) ctx.set(capitalized(name), value);
  ctx.set({ 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  ctx.body = isEmpty ? '' : plainTextOf(problem, failure);
}

/**
 * Writes the name of a header field with capital letters: `retry-after` becomes `Retry-After`, and
 * `www-authenticate` becomes `WWW-Authenticate`.
 */
function capitalized(name: string): string {
  return name.replace(/^www|(?<=^|-)[a-z]/g, (start) => start.toUpperCase());
}

/**
 * Returns a line with the title, then one for each violation with its rule; without violations, one
 * with the detail.
 */
function plainTextOf({ title, detail, violations = [] }: Problem, failure: HttpFailure): string {
  const lines =
    violations.length > 0
      ? violations.map(({ message, rule }) => `${message} (${rule})`)
      : [`${detail}${'rule' in failure ? ` (${failure.rule})` : ''}`];
  return [title, ...lines].map((line) => `${line}\n`).join('');
}
