import assert from 'node:assert/strict';
import { lineOf } from '../../../src/cli/crl.js';

describe('the line of a revocation list', () => {
  const list = { number: 7, thisUpdate: 'a', nextUpdate: 'b', url: 'http://x/CRL/X.crl' };

  it('counts one entry as one, in both languages, of full lists and of deltas', () => {
    assert.match(lineOf({ ...list, entries: 0 }), /LCR 7, 0 entrée, .* CRL 7, 0 entries, /);
    assert.match(lineOf({ ...list, entries: 1 }), /LCR 7, 1 entrée, .* CRL 7, 1 entry, /);
    assert.match(lineOf({ ...list, entries: 2 }), /LCR 7, 2 entrées, .* CRL 7, 2 entries, /);
    assert.match(lineOf({ ...list, base: 6, entries: 1 }), /base 6\), 1 entrée, .* \(base 6\), 1 entry, /);
  });
});
