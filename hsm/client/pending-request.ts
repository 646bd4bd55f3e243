import type { Frame } from '../wire/frames.js';

type NoAnswer = { readonly kind: 'no-answer'; readonly detail: string; readonly retryAfterMs: number };
export type Reply = Frame | NoAnswer;

/** A request that has no answer yet. */
export type PendingRequest = {
  /** The frame to send again on the next connection; null: a CRL, which is not sent again. */
  readonly encoded: Buffer | null;
  /** Whether the request waits while the signer is unavailable; otherwise it fails soon. */
  readonly waitsForSigner: boolean;
  readonly settle: (reply: Reply) => void;
  /**
   * Called when the connection can take more data, and when the request is settled. Only a streamed
   * CRL has it.
   */
  readonly wake?: () => void;
};

const RETRY_AFTER_MS = 1_000;

export function noAnswer(detail: string): NoAnswer {
  return { kind: 'no-answer', detail, retryAfterMs: RETRY_AFTER_MS };
}
