/**
 * Without these tests a start that fails could leave a lock or a process behind, and a stop could
 * end half-way.
 */
import assert from 'node:assert/strict';
import { createClosingStack, openOrClose } from '../../../src/compose/closing.js';
import { err, ok, type Result } from '../../../src/kernel/result.js';

describe('the closing stack', () => {
  it('closes in the reverse order, each part once, however often it is called', async () => {
    const closed: string[] = [];
    const closing = createClosingStack();
    closing.push(() => void closed.push('first'));
    closing.push(async () => void closed.push('second'));
    await Promise.all([closing.close(), closing.close()]);
    await closing.close();
    assert.deepEqual(closed, ['second', 'first']);
  });

  it('closes the other parts when one cannot be closed, and then throws', async () => {
    const closed: string[] = [];
    const closing = createClosingStack();
    closing.push(() => void closed.push('lock'));
    closing.push(async () => Promise.reject(new Error('a store that is stuck')));
    await assert.rejects(closing.close(), /a store that is stuck/);
    assert.deepEqual(closed, ['lock']);
  });

  it('is closed by a start that fails or throws, and not by one that succeeds', async () => {
    const closed: string[] = [];
    const open = (name: string, finish: () => Result<number, string>) =>
      openOrClose(async (closing) => {
        closing.push(() => void closed.push(name));
        return finish();
      });
    const fault = (): never => assert.fail('a bug');
    assert.deepEqual(await open('failed', () => err('why')), err('why'));
    await assert.rejects(open('threw', fault), /a bug/);
    assert.deepEqual(await open('kept', () => ok(1)), ok(1));
    assert.deepEqual(closed, ['failed', 'threw']);
  });
});
