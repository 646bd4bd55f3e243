/**
 * Which lists are made when several services and requests want one: without these decisions, each
 * revocation would make as many lists as there are nodes, or none at all.
 */
import assert from 'node:assert/strict';
import { ISSUER, NOW, pause, publicationOf, until } from './publication-of.js';

describe('a list, when its turn has come', () => {
  it('makes no list for a revocation that the list of another service has, and leaves it to be fetched', async () => {
    const changes = { last: 7, seen: 6 };
    const { publication, published, ended, madeElsewhere, finish } = publicationOf({ changes, leased: 2 });
    publication.publishSoon(ISSUER);
    // The other service publishes while this one waits for its lease.
    await pause(50);
    changes.seen = 7;
    await until(() => madeElsewhere.length > 0);
    assert.deepEqual([published, ended, madeElsewhere], [[], [true], [ISSUER]]);
    changes.last = 8;
    publication.publishSoon(ISSUER);
    await until(() => published.length === 1);
    await finish();
    await publication.stop();
    assert.deepEqual(ended, [true, true]);
  });

  it('makes a list on demand even if nothing has changed, also while others wait for their turn', async () => {
    const { publication, published, finish } = publicationOf();
    const first = publication.publishNow(ISSUER);
    await until(() => published.length === 1);
    publication.publishSoon(ISSUER);
    await pause(20);
    const second = publication.publishNow(ISSUER);
    await finish();
    await until(() => published.length === 2);
    await finish();
    assert.ok((await first).ok && (await second).ok);
    await publication.stop();
    assert.equal(published.length, 2, 'the revocation needed none');
  });

  it('makes a full list for a revocation that only a delta has, where the policy wants full ones', async () => {
    for (const [onRevocation, expected] of [
      ['full', [ISSUER]],
      ['delta', []],
    ] as const) {
      const changes = { last: 7, seen: 6 };
      const delta = { thisUpdate: NOW, seen: 7 };
      const { publication, published, finish } = publicationOf({
        changes,
        delta,
        deltaCrl: true,
        crl: { onRevocation },
      });
      publication.publishSoon(ISSUER);
      await pause(50);
      await finish();
      await publication.stop();
      assert.deepEqual(published, expected, onRevocation);
    }
  });

  it('makes the lists of all partitions again when one of them lacks the revocation', async () => {
    for (const [seen, expected] of [
      [6, [ISSUER]],
      [7, []],
    ] as const) {
      const changes = { last: 7, seen: 7 };
      const { publication, published, finish } = publicationOf({
        changes,
        partitionsListed: ['full-0', 'full-1'],
        partitionsSeen: seen,
      });
      publication.publishSoon(ISSUER);
      await pause(50);
      await finish();
      await publication.stop();
      assert.deepEqual(published, expected);
    }
  });

  it('replaces a lost list, unless another service has replaced it meanwhile', async () => {
    for (const [number, expected] of [
      [4, [ISSUER]],
      [3, []],
    ] as const) {
      const { publication, published, finish } = publicationOf();
      publication.replaceLost({ issuer: ISSUER, scope: 'full', number });
      await pause(20);
      await finish();
      await publication.stop();
      assert.deepEqual(published, expected);
    }
  });
});
