/**
 * Failures as plain text, for the protocols whose answers are not JSON (RFC 7030 4.2.3, RFC 9811
 * 3.4). Names of header fields are written as in these documents, because libest distinguishes
 * upper case from lower case.
 */
import type { Language } from '../../kernel/bilingual.js';
import { type HttpFailure, type Problem, problemOf } from '../api/problems.js';
import { type ApiExchange, type ExchangeParts, languageOf, recordRefusal } from './exchange.js';

type FailureInWords = {
  readonly failure: HttpFailure;
  /** Instead of the one of the problem. */
  readonly status?: number;
  /** Whether the answer has no words after all. */
  readonly isEmpty?: boolean;
};

export async function sendWords(
  parts: Pick<ExchangeParts, 'trail' | 'metrics'>,
  ctx: ApiExchange,
  { failure, status, isEmpty = false }: FailureInWords,
): Promise<void> {
  await recordRefusal(parts, ctx, failure);
  const language: Language = languageOf(ctx, 'en');
  const { problem, headers } = problemOf(failure, { requestId: ctx.state.requestId, language });
  ctx.status = status ?? problem.status;
  for (const [name, value] of Object.entries(headers)) ctx.set(written(name), value);
  ctx.set({ 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  ctx.body = isEmpty ? '' : wordsOf(problem, failure);
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
