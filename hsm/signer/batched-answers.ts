/**
 * Sends the answers of a busy signer in batches. While many requests wait for the token, delaying
 * an answer by a few milliseconds delays no signature, and the supervisor, the caller and this
 * process are not woken for each answer (ops/decisions/0011).
 */
import type { FrameContent } from '../wire/frames.js';

export type BatchedAnswers = {
  /** Called for each request that will have one answer. */
  expect(): void;
  answer(content: FrameContent): void;
  /** Sends all waiting answers. */
  flush(): void;
};

export const BATCH_LIMITS = {
  /**
   * Answers are delayed only while at least this many requests are unanswered: at a thousand
   * signatures a second, these take longer than the longest delay.
   */
  unansweredMin: 24,
  answersMax: 16,
  delayMsMax: 8,
} as const;

export function createBatchedAnswers(send: (content: FrameContent) => void): BatchedAnswers {
  let batch: FrameContent[] = [];
  let unanswered = 0;
  let timer: NodeJS.Timeout | null = null;

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const answers = batch;
    batch = [];
    for (const content of answers) send(content);
  }

  return {
    flush,
    expect() {
      unanswered += 1;
    },
    answer(content) {
      unanswered -= 1;
      batch.push(content);
      if (unanswered < BATCH_LIMITS.unansweredMin || batch.length >= BATCH_LIMITS.answersMax) flush();
      else timer ??= setTimeout(flush, BATCH_LIMITS.delayMsMax);
    },
  };
}
