import assert from 'node:assert/strict';
import fc from 'fast-check';
import { concat } from '../../../src/kernel/bytes.js';

describe('concat', () => {
  it('joins arrays as Buffer.concat does, in memory of its own', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), (parts) => {
        const joined = concat(parts);
        assert.equal(Buffer.compare(joined, Buffer.concat(parts)), 0);
        assert.equal(joined.constructor, Uint8Array);
        assert.equal(joined.buffer.byteLength, joined.length);
      }),
    );
  });
});
