/**
 * Requests that are answered in turns. Without the limit of a turn, a flood of OCSP requests delays
 * everything else that the process does.
 */
import assert from 'node:assert/strict';
import { createTurns } from '../../../src/http/status/turns.js';

const PER_TURN_MAX = 4;
const CALLERS = 50;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('turns of the event loop', () => {
  it('let a limited number of callers work, in the order in which they came', async () => {
    const turns = createTurns(PER_TURN_MAX);
    const worked: number[] = [];
    for (let caller = 0; caller < CALLERS; caller += 1) void turns.next().then(() => worked.push(caller));
    let before = 0;
    let most = 0;
    while (worked.length < CALLERS) {
      await nextTurn();
      most = Math.max(most, worked.length - before);
      before = worked.length;
    }
    assert.deepEqual(
      worked,
      Array.from({ length: CALLERS }, (_, at) => at),
    );
    assert.ok(most <= 2 * PER_TURN_MAX, `${most} in one turn`);
  });

  it('do not delay a caller who comes alone', async () => {
    const turns = createTurns(PER_TURN_MAX);
    for (let time = 0; time < 3; time += 1) {
      let hasWorked = false;
      void turns.next().then(() => {
        hasWorked = true;
      });
      await Promise.resolve();
      assert.equal(hasWorked, true);
      await nextTurn();
      await nextTurn();
    }
  });
});
