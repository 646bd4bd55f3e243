import assert from 'node:assert/strict';
import { byteRangeOf } from '../../../src/http/status/byte-range.js';

describe('a byte range (RFC 9110 14.1.2)', () => {
  const cases: readonly [string, ReturnType<typeof byteRangeOf>][] = [
    ['bytes=0-499', { from: 0, to: 499 }],
    ['bytes=500-', { from: 500, to: 999 }],
    ['bytes=-200', { from: 800, to: 999 }],
    ['bytes=-5000', { from: 0, to: 999 }],
    ['bytes=900-5000', { from: 900, to: 999 }],
    ['BYTES=0-0', { from: 0, to: 0 }],
    ['bytes=999-999', { from: 999, to: 999 }],
    ['bytes=1000-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    // Invalid ranges, other units and several ranges are ignored.
    ['bytes=5-4', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=a-b', 'whole'],
    ['lines=0-1', 'whole'],
    ['bytes=0-1,5-6', 'whole'],
  ];
  for (const [header, range] of cases)
    it(`reads ${header} of 1,000 bytes`, () => assert.deepEqual(byteRangeOf(header, 1_000), range));

  it('is unsatisfiable in an empty file', () => assert.equal(byteRangeOf('bytes=0-', 0), 'unsatisfiable'));
});
