/** What can go wrong with a call, as one union over `code`. */
import type { components, PROBLEM_CODES } from './generated.js';

/** The problem document of an answer (RFC 9457). */
export type Problem = components['schemas']['Problem'];
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export type Failure =
  /** The service has answered with a problem document. */
  | { readonly code: ProblemCode; readonly status: number; readonly problem: Problem }
  /** It has answered with something else, as a proxy does. */
  | { readonly code: 'unknown-answer'; readonly status: number; readonly text: string }
  /** The last attempt got no answer; a request that creates something may have been executed. */
  | { readonly code: 'no-answer'; readonly cause: unknown }
  /** A line of an answer is not JSON, or the connection ended before the answer did. */
  | { readonly code: 'answer-broken'; readonly line: number };

/** `failure.code` says what happened. */
export class PfcngError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(messageOf(failure));
    this.name = 'PfcngError';
    this.failure = failure;
  }
}

function messageOf(failure: Failure): string {
  switch (failure.code) {
    case 'no-answer':
      return `no answer: ${failure.cause instanceof Error ? failure.cause.message : String(failure.cause)}`;
    case 'unknown-answer':
      return `${failure.status}: ${failure.text.slice(0, 200)}`;
    case 'answer-broken':
      return `the answer is broken in line ${failure.line}`;
    default: {
      const { problem, code } = failure;
      const rules = (problem.violations ?? []).map(({ pointer, message }) => `${pointer}: ${message}`);
      return [`${problem.status} ${code}: ${problem.detail ?? problem.title}`, ...rules].join('\n');
    }
  }
}

/** `known`: the codes of the service of this version. */
export function failureOf(status: number, text: string, known: readonly ProblemCode[]): Failure {
  try {
    const problem: Problem = JSON.parse(text);
    const code = known.find((one) => one === problem.code);
    if (code !== undefined) return { code, status, problem };
  } catch {
    // A text that is not JSON is an unknown answer.
  }
  return { code: 'unknown-answer', status, text };
}
