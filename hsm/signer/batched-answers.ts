/**
 * Answers of a busy signer, some at a time: while the token has much before it, an answer that waits a few milliseconds for others
 * keeps nobody's signature waiting, and spares supervisor, caller and this process to be woken for each (ops/decisions/0011).
 */
import type { FrameContent } from '../wire/frames.js';

export type BatchedAnswers = {
  /** A request that will have one answer. */
  asked(): void;
  answer(content: FrameContent): void;
  /** Nothing is held back any longer. */
  flush(): void;
};

export const BATCHING = {
  /** With so many unanswered requests at least: at a thousand signatures a second more work than the longest wait. */
  unansweredMin: 24,
  heldMax: 16,
  heldMsMax: 8,
} as const;

export function createBatchedAnswers(send: (content: FrameContent) => void): BatchedAnswers {
  let held: FrameContent[] = [];
  let unanswered = 0;
  let timer: NodeJS.Timeout | null = null;

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const answers = held;
    held = [];
    for (const content of answers) send(content);
  }

  return {
    flush,
    asked() {
      unanswered += 1;
    },
    answer(content) {
      unanswered -= 1;
      held.push(content);
      if (unanswered < BATCHING.unansweredMin || held.length >= BATCHING.heldMax) flush();
      else timer ??= setTimeout(flush, BATCHING.heldMsMax);
    },
  };
}
