import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type CachedAnswer, createOcspCache, issuerAndSerial } from '../../../src/ocsp/cache.js';
import { decideStatus } from '../../../src/ocsp/decide.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { StoredState } from '../../../src/ports/store/statuses.js';

const about = (serial: number): string => issuerAndSerial('test-ca' as IssuerId, `${serial}`);

function answer(serials: readonly number[], bytes = 100, kind: 'good' | 'revoked' = 'good'): CachedAnswer {
  return {
    bytes: new Uint8Array(bytes),
    etag: '"x"',
    signerKeyHash: 'aa',
    thisUpdate: 1_000,
    nextUpdate: 5_000,
    freshUntil: 3_000,
    statusByCertificate: new Map(serials.map((serial) => [about(serial), kind])),
    statuses: kind,
  };
}

const LIMITS = { entriesMax: 10, bytesMax: 1_000_000 };

describe('the cache of OCSP answers', () => {
  it('returns an answer while it is fresh, keeps it as stale until nextUpdate, and removes it then', () => {
    const cache = createOcspCache(LIMITS);
    cache.put('a', answer([1]));
    assert.equal(cache.fresh('a', 999), null);
    assert.notEqual(cache.fresh('a', 2_999), null);
    assert.equal(cache.fresh('a', 3_000), null);
    assert.notEqual(cache.usable('a', 4_999), null);
    assert.equal(cache.usable('a', 5_000), null);
    assert.deepEqual(cache.size(), { entries: 0, bytes: 0 });
  });

  it('removes every answer about a certificate, and no other', () => {
    const cache = createOcspCache(LIMITS);
    cache.put('a', answer([1, 2]));
    cache.put('b', answer([2]));
    cache.put('c', answer([3]));
    cache.put('d', answer([2], 100, 'revoked'));
    cache.withdraw(about(2), 'good');
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((key) => cache.fresh(key, 2_000) !== null),
      [false, false, true, true],
    );
    cache.withdraw(about(2), 'all');
    assert.equal(cache.fresh('d', 2_000), null);
  });

  it('is limited in number and bytes, and removes the least recently used answer first', () => {
    const cache = createOcspCache({ entriesMax: 3, bytesMax: 10_000 });
    for (const serial of [1, 2, 3]) cache.put(`${serial}`, answer([serial]));
    cache.fresh('1', 2_000);
    cache.put('4', answer([4]));
    assert.deepEqual(
      ['1', '2', '3', '4'].map((key) => cache.fresh(key, 2_000) !== null),
      [true, false, true, true],
    );
    cache.put('big', answer([5], 9_000));
    assert.equal(cache.size().entries, 1);
    cache.put('too big', answer([6], 10_000));
    assert.equal(cache.fresh('too big', 2_000), null);
  });

  it('does not remove answers for one that is too large for the cache', () => {
    const cache = createOcspCache({ entriesMax: 3, bytesMax: 10_000 });
    cache.put('a', answer([1]));
    cache.put('b', answer([2], 10_000));
    assert.deepEqual(
      ['a', 'b'].map((key) => cache.fresh(key, 2_000) !== null),
      [true, false],
    );
  });

  it('counts its entries and bytes correctly', () => {
    const step = fc.tuple(fc.nat(20), fc.nat(5), fc.nat(3_000), fc.boolean());
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const cache = createOcspCache({ entriesMax: 8, bytesMax: 20_000 });
        for (const [key, serial, bytes, put] of steps) {
          if (put) cache.put(`${key}`, answer([serial, serial + 1], bytes));
          else cache.withdraw(about(serial), 'all');
          const { entries, bytes: cached } = cache.size();
          assert.equal(entries <= 8 && cached <= 20_000 && cached >= 0, true);
        }
        for (let serial = 0; serial <= 6; serial += 1) cache.withdraw(about(serial), 'all');
        assert.deepEqual(cache.size(), { entries: 0, bytes: 0 });
      }),
    );
  });
});

describe('the status of a serial number', () => {
  const record = (state: StoredState) => ({ state, notAfter: 0, signed: true });

  it('is never good for a number that was never issued, nor for an open intent', () => {
    assert.deepEqual(decideStatus(null, 'unknown'), { kind: 'unknown' });
    assert.deepEqual(decideStatus(null, 'revoked'), { kind: 'never-issued-revoked' });
    assert.deepEqual(decideStatus(record({ status: 'open' }), 'unknown'), { kind: 'try-later' });
  });

  it('is good while issued or pending, certificateHold while suspended, and revoked with its reason', () => {
    for (const status of ['issued', 'pending'] as const)
      assert.equal(decideStatus(record({ status }), 'unknown').kind, 'good');
    const hold = decideStatus(record({ status: 'suspended', at: 5, invalidityDate: null }), 'unknown');
    assert.deepEqual(hold, { kind: 'revoked', at: 5, reason: 'certificateHold' });
    const revoked = decideStatus(
      record({ status: 'revoked', at: 5, reason: 'superseded', invalidityDate: null }),
      'unknown',
    );
    assert.deepEqual(revoked, { kind: 'revoked', at: 5, reason: 'superseded' });
  });
});
