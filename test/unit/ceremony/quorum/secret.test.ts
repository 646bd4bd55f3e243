import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import {
  combineShares,
  commitmentTo,
  derivePin,
  SECRET_BYTES,
  SHARE_BYTES,
  splitSecret,
} from '../../../../src/ceremony/quorum/share-encryption.js';

const secrets = fc.uint8Array({ minLength: SECRET_BYTES, maxLength: SECRET_BYTES });
const numbers = fc
  .tuple(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 0, max: 8 }))
  .map(([threshold, more]) => ({ threshold, shares: Math.min(threshold + more, 15) }));

describe('a secret that is shared', () => {
  it('is restored from any shares that reach the threshold, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(secrets, numbers, fc.nat(), async (secret, sharing, seed) => {
        const shares = await splitSecret(secret, sharing);
        assert.equal(shares.length, sharing.shares);
        assert.ok(shares.every((share) => share.length === SHARE_BYTES));
        const turned = [...shares.slice(seed % shares.length), ...shares.slice(0, seed % shares.length)];
        assert.deepEqual(await combineShares(turned.slice(0, sharing.threshold)), secret);
        assert.deepEqual(await combineShares(turned), secret);
      }),
      { numRuns: 60 },
    );
  });

  it('is not restored from one share fewer, or from an altered one', async () => {
    await fc.assert(
      fc.asyncProperty(
        secrets,
        fc.integer({ min: 3, max: 6 }),
        fc.nat(SECRET_BYTES - 1),
        async (secret, threshold, at) => {
          const shares = await splitSecret(secret, { shares: threshold, threshold });
          assert.notDeepEqual(await combineShares(shares.slice(1)), secret);
          const [first, ...others] = shares.map((share) => share.slice());
          assert.ok(first);
          first[at] = (first[at] ?? 0) ^ 1;
          assert.notDeepEqual(await combineShares([first, ...others]), secret);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is split differently each time, so that shares of two splittings do not combine', async () => {
    const secret = new Uint8Array(randomBytes(SECRET_BYTES));
    const [one, other] = await Promise.all([1, 2].map(() => splitSecret(secret, { shares: 3, threshold: 2 })));
    assert.ok(one && other);
    const contents = [...one, ...other].map((share) => Buffer.from(share.subarray(0, SECRET_BYTES)).toString('hex'));
    assert.equal(new Set(contents).size, 6);
  });

  it('is a PIN that uses all of the alphabet of RFC 4648 section 6', () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const pin = Buffer.from(derivePin(secret)).toString('latin1');
        assert.match(pin, /^[A-Z2-7]{32}$/);
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
        const number = [...pin].reduce((sum, one) => sum * 32n + BigInt(alphabet.indexOf(one)), 0n);
        assert.equal(number, BigInt(`0x${Buffer.from(secret).toString('hex')}`));
      }),
    );
  });

  it('is identified by a commitment to its role and set', () => {
    const secret = new Uint8Array(randomBytes(SECRET_BYTES));
    const [one, other] = ['00'.repeat(16), '01'.repeat(16)] as const;
    const commitments = [
      commitmentTo('pin', one, secret),
      commitmentTo('pin', other, secret),
      commitmentTo('share', one, secret),
    ];
    assert.equal(new Set(commitments).size, 3);
    assert.equal(commitmentTo('pin', one, secret), commitments[0]);
  });
});
