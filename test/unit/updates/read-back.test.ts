/**
 * What a card states to have on it: without this, a half-written card could be confirmed or given
 * up, or a certificate of unknown origin could stay on it unnoticed.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareReadBack } from '../../../src/updates/tickets.js';

const known = { fresh: ['n1', 'n2'], earlier: ['o1', 'o2', 'older'] };

describe('a read-back', () => {
  it('has all new certificates, none, or some of them', () => {
    assert.deepEqual(compareReadBack(['n2', 'o1', 'n1', 'n1'], known), { kind: 'all' });
    assert.deepEqual(compareReadBack(['o1', 'o2'], known), { kind: 'none' });
    assert.deepEqual(compareReadBack([], known), { kind: 'none' });
    assert.deepEqual(compareReadBack(['n2', 'o1'], known), { kind: 'partial', missing: ['n1'] });
  });

  it('with an unknown certificate is nothing else, even when all new ones are there', () => {
    assert.deepEqual(compareReadBack(['n1', 'x', 'n2', 'x'], known), { kind: 'unknown', certificates: ['x'] });
    assert.deepEqual(compareReadBack(['x'], known), { kind: 'unknown', certificates: ['x'] });
  });

  it('has the same result in any order and with repetitions', () => {
    const stated = fc.array(fc.constantFrom('n1', 'n2', 'o1', 'o2', 'older', 'x'), { maxLength: 12 });
    fc.assert(
      fc.property(stated, (onCard) => {
        const found = new Set(onCard);
        const { kind } = compareReadBack(onCard, known);
        assert.equal(kind === 'unknown', found.has('x'));
        if (kind !== 'unknown') assert.equal(kind === 'all', found.has('n1') && found.has('n2'));
        assert.deepEqual(compareReadBack([...onCard, ...onCard], known), compareReadBack(onCard, known));
      }),
    );
  });
});
