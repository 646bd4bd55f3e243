/** Without turns, a flood of handshakes delays every request by as many handshakes as wait. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRotation } from '../../../src/http/server/handshakes.js';

describe('the handshakes that wait', () => {
  it('begin one after the other, and in rotation between addresses', async () => {
    const begun: string[] = [];
    const turns = createRotation<string>(10, (name) => void begun.push(name));
    const began = performance.now();
    for (let count = 0; count < 4; count += 1) turns.enqueue('flood', `flood ${count}`);
    turns.enqueue('honest', 'honest');
    assert.deepEqual(begun, ['flood 0'], 'the first begins at once');
    while (begun.length < 5) await sleep(1);
    assert.deepEqual(begun.slice(1), ['flood 1', 'honest', 'flood 2', 'flood 3']);
    assert.ok(performance.now() - began > 30, 'the others have to wait');
    await sleep(50);
    turns.enqueue('honest', 'honest again');
    assert.equal(begun.at(-1), 'honest again', 'nobody waits when nobody else does');
  });

  // Otherwise a client that opens and resets connections fills the line and the memory: what is
  // closed is not counted as a connection any more.
  it('leave no place behind when they are closed before their turn', async () => {
    const begun: string[] = [];
    const turns = createRotation<string>(10, (name) => void begun.push(name));
    turns.enqueue('flood', 'first');
    const leave = ['second', 'third'].map((name) => turns.enqueue('flood', name));
    turns.enqueue('flood', 'honest');
    for (const end of leave) end();
    while (begun.length < 2) await sleep(1);
    assert.deepEqual(begun, ['first', 'honest']);
  });
});
