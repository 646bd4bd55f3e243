import assert from 'node:assert/strict';
import { type CacheLimits, cacheByBytes } from '../../../src/asn1/decode-cache.js';
import { utf8 } from '../../../src/kernel/bytes.js';

/** Two words with the same FNV-1a hash of 32 bits. */
const ONE_HASH = ['costarring', 'liquid'] as const;

describe('the cache of decoded values', () => {
  let reads: string[];
  const known = (limits: Partial<CacheLimits> = {}): ((text: string) => string) => {
    reads = [];
    const of = cacheByBytes({ entriesMax: 8, octetsMax: 16, ...limits }, (octets) => {
      const text = Buffer.from(octets).toString('latin1');
      if (text === 'wrong') throw new Error(text);
      reads.push(text);
      return text.toUpperCase();
    });
    // The text is in the middle of other bytes, as an element is in a certificate.
    return (text) => of({ bytes: utf8(`<${text}>`), from: 1, end: 1 + text.length });
  };

  it('reads the same bytes once, wherever they are', () => {
    const of = known();
    assert.deepEqual([of('aki'), of('ski'), of('aki')], ['AKI', 'SKI', 'AKI']);
    assert.deepEqual(reads, ['aki', 'ski']);
  });

  it('never returns the value of other bytes with the same hash or the same beginning', () => {
    const of = known();
    const texts = [...ONE_HASH, ...ONE_HASH, 'liqui', 'liquids', 'liquid'];
    assert.deepEqual(
      texts.map(of),
      texts.map((text) => text.toUpperCase()),
    );
  });

  it('keeps a value that does not change with the bytes of the input', () => {
    const bytes = utf8('abcd');
    const of = cacheByBytes({ entriesMax: 8, octetsMax: 16 }, (octets) => octets);
    const first = of({ bytes, from: 0, end: 4 });
    bytes.fill(0);
    assert.deepEqual(first, utf8('abcd'));
    assert.deepEqual(of({ bytes, from: 0, end: 4 }), new Uint8Array(4));
  });

  it('is bounded: it is cleared when it is full, and long input is read each time', () => {
    const of = known({ entriesMax: 2, octetsMax: 4 });
    for (const text of ['a', 'b', 'c', 'a', 'a', 'abcde', 'abcde']) of(text);
    assert.deepEqual(reads, ['a', 'b', 'c', 'a', 'abcde', 'abcde']);
  });

  it('does not keep a failure', () => {
    const of = known();
    assert.throws(() => of('wrong'), /wrong/);
    assert.throws(() => of('wrong'), /wrong/);
  });
});
