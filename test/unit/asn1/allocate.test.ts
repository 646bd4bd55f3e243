import assert from 'node:assert/strict';
import fc from 'fast-check';
import { allocate } from '../../../src/asn1/allocate.js';

describe('allocate', () => {
  it('gives arrays of zeros that do not overlap, whatever their number and length', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(600), { minLength: 1, maxLength: 200 }), (lengths) => {
        const all = lengths.map((length, at) => {
          const bytes = allocate(length);
          assert.deepEqual([bytes.length, bytes.every((byte) => byte === 0)], [length, true]);
          return bytes.fill(at + 1);
        });
        for (const [at, bytes] of all.entries()) assert.ok(bytes.every((byte) => byte === ((at + 1) & 0xff)));
      }),
    );
  });

  it('gives a long array memory of its own, so that keeping it keeps nothing else', () => {
    assert.equal(allocate(1_000).buffer.byteLength, 1_000);
  });
});
