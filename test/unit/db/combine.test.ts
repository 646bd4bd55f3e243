import assert from 'node:assert/strict';
import { combine } from '../../../src/db/combine.js';

describe('combine', () => {
  it('makes a new object with the members of all parts, of which the last one counts', () => {
    const [first, second] = [{ a: 1, b: 2 }, { b: 3 }];
    assert.deepEqual(combine(first, second, { c: 4 }), { a: 1, b: 3, c: 4 });
    assert.deepEqual([first, second], [{ a: 1, b: 2 }, { b: 3 }]);
  });
});
