/**
 * Statements that are started together. If one of them were still executed after the end of its
 * read, its failure would count for the next read on the same connection.
 */
import assert from 'node:assert/strict';
import { deferred } from '../../../hsm/deferred.js';
import { together } from '../../../src/ports/together.js';

describe('statements that are started together', () => {
  it('have their results in their own order', async () => {
    const first = deferred<string>();
    const both = together([first.promise, Promise.resolve(2)]);
    first.resolve('one');
    assert.deepEqual(await both, ['one', 2]);
  });

  it('fail with the error of the first that fails, when all have ended', async () => {
    const [slow, failing, after] = [deferred<void>(), deferred<void>(), deferred<void>()];
    let isOver = false;
    const failed = together([slow.promise, failing.promise, after.promise]).catch((error: unknown) => {
      isOver = true;
      return error;
    });
    failing.reject(new Error('the cause'));
    after.reject(new Error('a consequence'));
    await new Promise(setImmediate);
    assert.equal(isOver, false, 'one is still executed');
    slow.reject(new Error('another consequence'));
    assert.match(String(await failed), /the cause/);
  });
});
