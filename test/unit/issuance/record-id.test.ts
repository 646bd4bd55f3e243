import assert from 'node:assert/strict';
import fc from 'fast-check';
import { recordIdFrom } from '../../../src/issuance/intent.js';

describe('a record id', () => {
  it('is a UUID of version 7 and variant 10 whose time can be read back', () => {
    const ten = fc.uint8Array({ minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), ten, (now, random) => {
        const id = recordIdFrom(now, random);
        assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        assert.equal(Number.parseInt(id.replace('-', '').slice(0, 12), 16), now);
      }),
    );
  });

  it('of a later time sorts after an earlier one', () => {
    const random = new Uint8Array(10).fill(0xff);
    assert.ok(recordIdFrom(1_000, random) < recordIdFrom(1_001, new Uint8Array(10)));
  });
});
