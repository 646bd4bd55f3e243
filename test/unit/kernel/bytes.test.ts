import assert from 'node:assert/strict';
import fc from 'fast-check';
import { allocate, concat } from '../../../src/kernel/bytes.js';

describe('octets of one piece of memory', () => {
  it('are zeros that nobody else has, whatever their number, and stay what was written', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(600), { minLength: 1, maxLength: 200 }), (lengths) => {
        const all = lengths.map((length, at) => {
          const bytes = allocate(length);
          assert.deepEqual([bytes.length, bytes.every((octet) => octet === 0)], [length, true]);
          return bytes.fill(at + 1);
        });
        for (const [at, bytes] of all.entries()) assert.ok(bytes.every((octet) => octet === ((at + 1) & 0xff)));
      }),
    );
  });

  it('are put one behind the other as Buffer does', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), (parts) => {
        const joined = concat(parts);
        assert.equal(Buffer.compare(joined, Buffer.concat(parts)), 0);
        assert.equal(joined.constructor, Uint8Array);
      }),
    );
  });

  it('that are long, and kept, keep nothing but themselves', () => {
    assert.equal(concat([new Uint8Array(500), new Uint8Array(500)]).buffer.byteLength, 1_000);
  });
});
