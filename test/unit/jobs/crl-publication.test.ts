import assert from 'node:assert/strict';
import type { NodeId } from '../../../src/ports/node.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import { DAY_MS, ISSUER, NOW, pause, publicationOf, until } from './publication-of.js';

describe('the timing of CRLs', () => {
  it('makes one list of an issuer at a time, and one more for all requests that come meanwhile', async () => {
    const { publication, published, finish } = publicationOf();
    const first = publication.publishNow(ISSUER);
    await pause(1);
    const others = Array.from({ length: 50 }, () => publication.publishNow(ISSUER));
    await pause(1);
    assert.equal(published.length, 1);
    await finish();
    await finish();
    await Promise.all([first, ...others]);
    assert.equal(published.length, 2);
  });

  it('makes two lists at once, because each reads a snapshot of the database', async () => {
    const { publication, published, world, finish } = publicationOf({ thisUpdate: null });
    const works = ['aci-a', 'aci-b', 'aci-c'].map((issuer) => publication.work(world, issuer as IssuerId));
    await pause(5);
    assert.equal(published.length, 2);
    await finish();
    await until(() => published.length === 3);
    await finish();
    await Promise.all(works);
  });

  it('fails with the kind and the rule of the failure, which are stored for operators', async () => {
    const failure = { kind: 'state-conflict', rule: 'crl-partitions-known' };
    const { failed, lookOnce } = publicationOf({ thisUpdate: null, failure });
    await lookOnce();
    assert.deepEqual(failed, ['JobFailed: full list: state-conflict (crl-partitions-known)']);
  });

  it('publishes one list for several revocations in a row', async () => {
    const { publication, published, finish } = publicationOf({ changes: { last: 1, seen: 0 } });
    for (let times = 0; times < 20; times += 1) publication.publishSoon(ISSUER);
    await pause(30);
    assert.equal(published.length, 1);
    await finish();
    publication.publishSoon(ISSUER);
    await pause(30);
    assert.equal(published.length, 2);
    await finish();
    await publication.stop();
  });

  it('lets requested lists wait for the node that makes one', async () => {
    const { publication, published, finish } = publicationOf({ leased: 2 });
    const asked = publication.publishNow(ISSUER);
    await pause(10);
    assert.deepEqual(published, [], 'while the other makes a list');
    while (published.length === 0) await pause(10);
    await finish();
    assert.ok((await asked).ok);
  });

  it('publishes again after an error of the database', async () => {
    const { publication, published, finish } = publicationOf({ leaseThrows: true });
    await assert.rejects(publication.publishNow(ISSUER), /XX000/);
    const asked = publication.publishNow(ISSUER);
    await pause(1);
    await finish();
    assert.ok((await asked).ok);
    assert.deepEqual(published, [ISSUER]);
  });

  it('publishes the due list of an authority even if the lists of another cannot be made', async () => {
    const broken = 'aci-fo-broken' as IssuerId;
    assert.deepEqual(await publicationOf({ thisUpdate: null, broken }).lookOnce(), [ISSUER]);
  });

  it("publishes what is older than the policy's period, never a root's list", async () => {
    for (const [thisUpdate, expected] of [
      [NOW - DAY_MS, [ISSUER]],
      [NOW - DAY_MS + 1, []],
      [null, [ISSUER]],
    ] as const)
      assert.deepEqual(await publicationOf({ thisUpdate }).lookOnce(), expected);
  });

  it('publishes a delta when its own period has passed, where deltas are served', async () => {
    const hour = DAY_MS / 24;
    for (const [delta, deltaCrl, expected] of [
      [{ thisUpdate: NOW - hour }, true, [`${ISSUER} delta`]],
      [{ thisUpdate: NOW - hour + 1 }, true, []],
      [null, true, [`${ISSUER} delta`]],
      [null, false, []],
    ] as const)
      assert.deepEqual(await publicationOf({ delta, deltaCrl }).lookOnce(), expected);
  });

  it('publishes at once when a new partition has no list, because certificates already name it', async () => {
    for (const [partitionsListed, published] of [
      [[], [ISSUER]],
      [['full-0'], [ISSUER]],
      [['full-0', 'full-1'], []],
    ] as const)
      assert.deepEqual(await publicationOf({ partitionsListed }).lookOnce(), published, partitionsListed.join());
    const served = { deltaCrl: true, delta: { thisUpdate: NOW } };
    for (const [partitionsListed, published] of [
      [['full-0', 'full-1', 'delta-0'], [`${ISSUER} delta`]],
      [['full-0', 'full-1', 'delta-0', 'delta-1'], []],
    ] as const)
      assert.deepEqual(await publicationOf({ ...served, partitionsListed }).lookOnce(), published);
  });

  it('replaces a list from the future, which no relying party accepts', async () => {
    assert.deepEqual(await publicationOf({ thisUpdate: NOW + 3_600_000 }).lookOnce(), [ISSUER]);
    assert.deepEqual(await publicationOf({ thisUpdate: NOW + 30_000 }).lookOnce(), []);
  });

  it('leaves due lists to nodes whose clocks are right, where its own clock is wrong, and makes those asked for', async () => {
    const hour = DAY_MS / 24;
    const [due, silentMs] = [[ISSUER], 16_000];
    const ahead = { thisUpdate: NOW - 25 * hour, databaseNow: NOW - 25 * hour };
    const behind = { thisUpdate: NOW + 25 * hour, databaseNow: NOW + 25 * hour };
    for (const wrong of [ahead, behind]) {
      const { databaseNow } = wrong;
      for (const [setting, expected] of [
        [{ others: [{}] }, []],
        [{ others: [{ clockOffsetMs: 61_000 }, {}] }, []],
        [{ others: [{}], failures: 1 }, due],
        [{ others: [{ clockOffsetMs: 61_000 }, { clockOffsetMs: -61_000 }] }, due],
        [{ others: [{ seenAt: databaseNow - silentMs }] }, due],
        [{ others: [{ roles: ['api', 'responder'] }] }, due],
        [{ others: [{ node: 'own' as NodeId }] }, due],
        [{ others: [] }, due],
      ] as const)
        assert.deepEqual(await publicationOf({ ...wrong, ...setting }).lookOnce(), expected, JSON.stringify(setting));
      const { publication, published, finish } = publicationOf({ ...wrong, others: [{}] });
      const asked = publication.publishNow(ISSUER);
      await pause(1);
      await finish();
      assert.ok((await asked).ok);
      assert.deepEqual(published, due);
    }
    const right = { thisUpdate: NOW - DAY_MS, databaseNow: NOW - 59_000, others: [{}] };
    assert.deepEqual(await publicationOf(right).lookOnce(), due);
  });

  it('publishes each list earlier by its own jitter, which is the same on every service', async () => {
    const jitterMs = 10 * 60_000;
    const due = async (before: number) =>
      (await publicationOf({ thisUpdate: NOW - DAY_MS + before, crl: { jitterMs } }).lookOnce()).length === 1;
    assert.equal(await due(jitterMs + 1), false);
    assert.equal(await due(0), true);
    const spread: boolean[] = [];
    for (let part = 1; part < 20; part += 1) spread.push(await due((jitterMs * part) / 20));
    assert.deepEqual([...spread].sort().reverse(), spread, 'due from one moment on');
    assert.ok(spread.includes(true) && spread.includes(false), 'which is neither the first nor the last');
  });

  it('publishes after its time of day, later by its jitter, and not again on that day because of the period', async () => {
    const daily = { minutes: 7 * 60, zone: 'Europe/Paris' };
    const jitterMs = 10 * 60_000;
    const seven = Date.UTC(2026, 2, 2, 6);
    const at = async (thisUpdate: number, now: number) =>
      (await publicationOf({ thisUpdate, now, crl: { daily, jitterMs } }).lookOnce()).length === 1;
    assert.equal(await at(seven - 60_000, seven - 1), false);
    assert.equal(await at(seven - 60_000, seven), false, 'its part of the jitter is not over');
    assert.equal(await at(seven - 60_000, seven + jitterMs), true, 'however young the list before');
    assert.equal(await at(seven, seven + jitterMs), false, 'that list is there');
    assert.equal(await at(seven + 60_000, seven + DAY_MS - 60_000), false, 'by the period not before the next morning');
    assert.equal(await at(seven + 60_000, seven + DAY_MS + 60_000), true);
  });

  it('publishes revocations of a process that was killed like others: when they are collected', async () => {
    const changes = { last: 7, seen: 6 };
    const collecting = publicationOf({ changes, crl: { afterRevocationMs: 10_000, afterRevocationMsMax: 10_000 } });
    assert.deepEqual(await collecting.lookOnce(), [], 'others may follow');
    await collecting.publication.stop();
    for (const atStart of ['looks', 'is told of another'] as const) {
      const found = publicationOf({ changes });
      if (atStart === 'looks') await found.publication.due(found.reads);
      else found.publication.publishSoon(ISSUER);
      await until(() => found.published.length === 1);
      await found.finish();
      await found.publication.stop();
      assert.deepEqual(found.published, [ISSUER], atStart);
    }
  });

  it('lets looks for what is due delay no revocation', async () => {
    const changes = { last: 7, seen: 6 };
    const found = publicationOf({ changes, crl: { afterRevocationMs: 40, afterRevocationMsMax: 60_000 } });
    await until(() => {
      void found.publication.due(found.reads);
      return found.published.length > 0;
    });
    await found.finish();
    await found.publication.stop();
  });

  it('counts a revocation whose list has failed as due until a list has it', async () => {
    const changes = { last: 7, seen: 6 };
    const { publication, reads, world } = publicationOf({ changes, failure: { kind: 'signer-unavailable' } });
    await assert.rejects(publication.work(world, ISSUER), /signer-unavailable/);
    assert.deepEqual(await publication.due(reads), [ISSUER]);
    changes.seen = 7;
    assert.deepEqual(await publication.due(reads), []);
    await publication.stop();
  });

  it('publishes one list for many revocations, and lets no revocation wait longer than the limit', async () => {
    const changes = { last: 1, seen: 0 };
    const storm = publicationOf({ changes, crl: { afterRevocationMs: 10_000, afterRevocationMsMax: 40 } });
    storm.publication.publishSoon(ISSUER);
    while (storm.published.length === 0) {
      storm.publication.publishSoon(ISSUER);
      await pause(2);
    }
    assert.deepEqual(storm.published, [ISSUER], 'although another followed all the time');
    await storm.finish();
    await storm.publication.stop();
    const quiet = publicationOf({ crl: { afterRevocationMs: 60_000, afterRevocationMsMax: 600_000 } });
    for (let times = 0; times < 3; times += 1) {
      quiet.publication.publishSoon(ISSUER);
      await pause(3);
    }
    assert.deepEqual(quiet.published, [], 'while they follow one another');
    await quiet.publication.stop();
  });

  it('publishes after a revocation what the policy says: only deltas, where they are served', async () => {
    for (const [deltaCrl, expected] of [
      [true, `${ISSUER} delta`],
      [false, ISSUER],
    ] as const) {
      const changes = { last: 1, seen: 0 };
      const { publication, published, finish } = publicationOf({ changes, deltaCrl, crl: { onRevocation: 'delta' } });
      publication.publishSoon(ISSUER);
      while (published.length === 0) await pause(2);
      assert.deepEqual(published, [expected]);
      await finish();
      await publication.stop();
    }
  });

  it('publishes nothing after it was stopped', async () => {
    const { publication, published } = publicationOf();
    publication.publishSoon(ISSUER);
    await publication.stop();
    publication.publishSoon(ISSUER);
    await pause(30);
    assert.deepEqual(published, []);
  });
});

describe('the node that has the lease of an issuer', () => {
  it('makes no list for a revocation that the list of another node has, and waits for none any more', async () => {
    const changes = { last: 7, seen: 6 };
    const crl = { afterRevocationMs: 60_000, afterRevocationMsMax: 60_000 };
    const { publication, published, ended, reads, world, finish } = publicationOf({ changes, crl });
    assert.deepEqual([await publication.due(reads), ended], [[], [false]], 'it is collected');
    // The other node publishes while this one waits for its lease.
    changes.seen = 7;
    const work = publication.work(world, ISSUER);
    await pause(1);
    await finish();
    await finish();
    assert.equal(await work, 'done');
    assert.deepEqual([await publication.due(reads), ended], [[], [false, true]]);
    assert.deepEqual(published, []);
    await publication.stop();
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
