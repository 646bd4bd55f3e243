import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { blockedKeysBuilder } from '../../../src/x509/keys/blocked-keys.js';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function listOf(keys: readonly string[]) {
  const builder = blockedKeysBuilder();
  for (const key of keys) assert.ok(builder.add(key), key);
  return builder.build();
}

describe('a list of blocked keys', () => {
  it('has the keys that it was given, and no others', () => {
    const keys = Array.from({ length: 20_000 }, (_, at) => hashOf(`blocked ${at}`)).sort();
    const list = listOf(keys);
    assert.equal(list.size, 20_000);
    for (const key of keys) assert.ok(list.has(key), key);
    for (let at = 0; at < 20_000; at += 1) assert.ok(!list.has(hashOf(`free ${at}`)));
  });

  it('is right at its ends and among keys with the same prefix', () => {
    const [low, high] = ['0'.repeat(64), 'f'.repeat(64)];
    const alike = ['1', '2', 'f'].map((last) => `abcd${'0'.repeat(59)}${last}`);
    const list = listOf([low, ...alike, high]);
    for (const key of [low, high, ...alike]) assert.ok(list.has(key), key);
    for (const key of [
      `abcd${'0'.repeat(60)}`,
      `abcd${'0'.repeat(59)}3`,
      `abce${'0'.repeat(60)}`,
      `${'0'.repeat(63)}1`,
    ])
      assert.ok(!list.has(key), key);
    assert.ok(!listOf([]).has(low));
  });

  it('equals a set, whatever the keys', () => {
    // Few prefixes, so that many keys share one.
    const key = fc
      .tuple(fc.constantFrom('0000', '0001', '7fff', 'ffff'), fc.nat({ max: 40 }))
      .map(([prefix, number]) => prefix + number.toString(16).padStart(60, '0'));
    fc.assert(
      fc.property(fc.uniqueArray(key), fc.array(key), (given, asked) => {
        const list = listOf([...given].sort());
        for (const one of [...given, ...asked]) assert.equal(list.has(one), given.includes(one));
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('accepts keys in ascending order only, and only SHA-256 in lower-case hex', () => {
    const builder = blockedKeysBuilder();
    const key = `b${'0'.repeat(63)}`;
    assert.ok(builder.add(key));
    for (const refused of [
      key,
      `a${'0'.repeat(63)}`,
      `C${'0'.repeat(63)}`,
      'c',
      '',
      `${'c'.repeat(64)}0`,
      `g${'0'.repeat(63)}`,
    ])
      assert.ok(!builder.add(refused), refused);
    assert.equal(builder.build().size, 1);
    assert.ok(!builder.build().has('B'.repeat(64)));
  });
});
