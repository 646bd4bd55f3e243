/**
 * The lines of an order that are worked on at once. Without the rule about cards, the second of two
 * lines for a card could be issued instead of the first one.
 */
import assert from 'node:assert/strict';
import { createWindow } from '../../../src/operations/orders/lines/window.js';

/** Lines that end when the test says so. */
function lines() {
  const began: number[] = [];
  const ends = new Map<number, () => void>();
  return {
    began,
    work: (number: number) => () =>
      new Promise<void>((resolve) => {
        began.push(number);
        ends.set(number, resolve);
      }),
    end: async (number: number) => {
      ends.get(number)?.();
      await settle();
    },
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the window of an order', () => {
  it('begins a line when the earlier one for its card has ended', async () => {
    const { began, work, end } = lines();
    const window = createWindow(() => 10);
    for (const [number, card] of [
      [1, 'a'],
      [2, 'b'],
      [3, 'a'],
      [4, 'a'],
      [5, null],
    ] as const)
      window.begin({ number, card }, work(number));
    await settle();
    assert.deepEqual(began, [1, 2, 5]);
    await end(1);
    assert.deepEqual(began, [1, 2, 5, 3]);
    await end(3);
    assert.deepEqual(began, [1, 2, 5, 3, 4]);
  });

  it('has room when it has fewer lines than its limit, which may change', async () => {
    const { work, end } = lines();
    let max = 2;
    const window = createWindow(() => max);
    for (const number of [1, 2]) window.begin({ number, card: null }, work(number));
    let hasRoom = false;
    const room = window.room().then(() => {
      hasRoom = true;
    });
    await settle();
    assert.equal(hasRoom, false);
    max = 1;
    await end(1);
    assert.equal(hasRoom, false);
    await end(2);
    await room;
    assert.deepEqual([hasRoom, window.lines()], [true, []]);
  });

  it('is empty when all of its lines have ended', async () => {
    const { work, end } = lines();
    const window = createWindow(() => 10);
    for (const number of [1, 2]) window.begin({ number, card: 'a' }, work(number));
    const empty = window.empty();
    await settle();
    await end(1);
    assert.deepEqual(window.lines(), [2]);
    await settle();
    await end(2);
    await empty;
    assert.deepEqual(window.lines(), []);
  });
});
