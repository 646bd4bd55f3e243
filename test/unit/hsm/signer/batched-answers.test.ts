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

  it('wait for nothing while the token has little to do', () => {
    ask(BATCH_LIMITS.unansweredMin);
    const ids = answer(1, BATCH_LIMITS.unansweredMin);
    assert.deepEqual(sent, ids);
  });

  it('go some at a time, in their order, while it has much to do', () => {
    ask(BATCH_LIMITS.unansweredMin + BATCH_LIMITS.answersMax);
    const before = answer(1, BATCH_LIMITS.answersMax - 1);
    assert.deepEqual(sent, []);
    const [last] = answer(BATCH_LIMITS.answersMax, 1);
    assert.deepEqual(sent, [...before, last]);
  });

  it('go when the token has little to do again', () => {
    ask(BATCH_LIMITS.unansweredMin + 2);
    answer(1, 2);
    assert.deepEqual(sent, []);
    answer(3, 1);
    assert.deepEqual(sent, [1, 2, 3]);
  });

  it('go after a while when no other comes, and before the last word of a process', async () => {
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
