import type { Frame } from '../wire/frames.js';

type NoAnswer = { readonly kind: 'no-answer'; readonly detail: string; readonly retryAfterMs: number };
export type Reply = Frame | NoAnswer;

/** A request without an answer yet. */
export type PendingRequest = {
  /** The frame to send again on the next connection; null: a CRL, which is not sent again. */
  readonly whole: Buffer | null;
  /** Whether it waits while the signer is away. */
  readonly isPatient: boolean;
  readonly settle: (reply: Reply) => void;
  /** For a CRL that waits until the connection takes more. */
  readonly wake?: () => void;
};

const RETRY_AFTER_MS = 1_000;

export function noAnswer(detail: string): NoAnswer {
  return { kind: 'no-answer', detail, retryAfterMs: RETRY_AFTER_MS };
}
