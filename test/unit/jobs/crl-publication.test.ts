import assert from 'node:assert/strict';
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

  it('logs a failure once, and again when it has another reason or had ended', async () => {
    const failures = ['database-unavailable', 'database-unavailable', 'signer-unavailable'];
    const { publication, published, logged, finish } = publicationOf({ failures, changes: { last: 1, seen: 0 } });
    for (const count of [1, 2]) {
      publication.publishSoon(ISSUER);
      await until(() => published.length === count);
      await finish();
      failures.push('signer-unavailable', 'signer-unavailable');
    }
    assert.deepEqual(logged, ['database-unavailable', 'signer-unavailable', 'signer-unavailable']);
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

  it('leaves a due list to the service that has the lease, and lets requested lists wait for it', async () => {
    const { publication, published, finish } = publicationOf({ thisUpdate: null, leased: 2 });
    await publication.publishDue();
    assert.deepEqual(published, []);
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

  it('publishes revocations of a dead process that no list has, and leaves recent ones to the process that made them', async () => {
    const changes = { last: 7, seen: 6 };
    const first = publicationOf({ changes });
    await first.lookOnce();
    await pause(30);
    assert.deepEqual(first.published, [ISSUER], 'at the start nobody else is known to do it');
    await first.finish();
    await first.publication.stop();
    const later = { last: 6, seen: 6 };
    const second = publicationOf({ changes: later });
    assert.deepEqual(await second.lookOnce(), []);
    later.last = 8;
    later.seen = 7;
    await second.lookOnce();
    await pause(30);
    assert.deepEqual(second.published, [], 'lists went on since the last look');
    await second.lookOnce();
    await pause(30);
    assert.deepEqual(second.published, [ISSUER], 'they do not any more');
    await second.finish();
    await second.publication.stop();
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

  it('makes no further due list after it was stopped', async () => {
    const { publication, published } = publicationOf({ thisUpdate: null, broken: 'aci-fo-broken' as IssuerId });
    void publication.publishDue();
    await publication.stop();
    await pause(5);
    assert.deepEqual(published, []);
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
