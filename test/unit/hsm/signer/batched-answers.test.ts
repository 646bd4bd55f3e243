import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { BATCH_LIMITS, type BatchedAnswers, createBatchedAnswers } from '../../../../hsm/signer/batched-answers.js';

describe('answers of a signer', () => {
  let sent: number[];
  let batched: BatchedAnswers;
  beforeEach(() => {
    sent = [];
    batched = createBatchedAnswers(({ id }) => sent.push(id));
  });
  const ask = (count: number): void => {
    for (let more = count; more > 0; more -= 1) batched.expect();
  };
  const answer = (first: number, count: number): readonly number[] => {
    const ids = Array.from({ length: count }, (_, at) => first + at);
    for (const id of ids) batched.answer({ type: 'signature', id });
    return ids;
  };

  it('are sent at once while the token is idle', () => {
    ask(BATCH_LIMITS.unansweredMin);
    const ids = answer(1, BATCH_LIMITS.unansweredMin);
    assert.deepEqual(sent, ids);
  });

  it('are sent in batches, in their order, while the token is busy', () => {
    ask(BATCH_LIMITS.unansweredMin + BATCH_LIMITS.answersMax);
    const before = answer(1, BATCH_LIMITS.answersMax - 1);
    assert.deepEqual(sent, []);
    const [last] = answer(BATCH_LIMITS.answersMax, 1);
    assert.deepEqual(sent, [...before, last]);
  });

  it('are sent when the token is idle again', () => {
    ask(BATCH_LIMITS.unansweredMin + 2);
    answer(1, 2);
    assert.deepEqual(sent, []);
    answer(3, 1);
    assert.deepEqual(sent, [1, 2, 3]);
  });

  it('are sent after a short delay when no other comes, and before the last frame of a process', async () => {
    ask(2 * BATCH_LIMITS.unansweredMin);
    answer(1, 2);
    while (sent.length === 0) await sleep(1);
    assert.deepEqual(sent, [1, 2]);
    answer(3, 1);
    assert.deepEqual(sent, [1, 2]);
    batched.flush();
    assert.deepEqual(sent, [1, 2, 3]);
  });
});
