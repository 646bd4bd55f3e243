/** Without turns, a flood of handshakes delays every request by as many handshakes as wait. */
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { createTurns } from '../../../src/http/server/handshakes.js';

describe('the handshakes that wait', () => {
  it('begin a few at a time, and in rotation between addresses', async () => {
    const begun: string[] = [];
    const turns = createTurns<string>(3, (name) => void begun.push(name));
    for (let count = 0; count < 6; count += 1) turns.wait('flood', `flood ${count}`);
    turns.wait('honest', 'honest');
    assert.deepEqual(begun, []);
    await turn();
    assert.deepEqual(begun, ['flood 0', 'honest', 'flood 1']);
    await turn();
    assert.deepEqual(begun.slice(3), ['flood 2', 'flood 3', 'flood 4']);
    await turn();
    turns.wait('honest', 'honest again');
    await turn();
    assert.deepEqual(begun.slice(6), ['flood 5', 'honest again']);
  });
});
