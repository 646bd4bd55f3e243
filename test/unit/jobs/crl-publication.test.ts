import assert from 'node:assert/strict';
import { createCrlPublication } from '../../../src/jobs/lists/crl-publication.js';
import { err, ok } from '../../../src/kernel/result.js';
import type { OperationFailure } from '../../../src/operations/failures.js';
import type { World } from '../../../src/operations/world.js';
import type { CrlPolicy } from '../../../src/policy/model.js';
import type { CrlKind } from '../../../src/policy/publication/crl-scopes.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { CrlRecord } from '../../../src/ports/store/crls.js';
import type { Reads } from '../../../src/ports/store.js';

const ISSUER = 'aci-fo-pp' as IssuerId;
const NOW = Date.UTC(2026, 2, 1);
const DAY_MS = 86_400_000;

type Setting = {
  readonly thisUpdate?: number | null;
  readonly delta?: { readonly thisUpdate: number } | null;
  readonly crl?: Partial<CrlPolicy>;
  readonly deltaCrl?: boolean;
  /** So often it is found that another service has the lease. */
  readonly leased?: number;
  /** The database throws at the first lease that is asked for. */
  readonly leaseThrows?: boolean;
  /** The kinds of failure of the next publications. */
  readonly failures?: string[];
  /** An authority before the other, whose lists cannot be made. */
  readonly broken?: IssuerId;
  /** Numbers of the last change of a status, and of the last that a list has. */
  readonly changes?: { last: number; seen: number };
  readonly now?: number;
  /** The partitions of the authority that have a list; default: the authority has no partitions. */
  readonly partitionsListed?: readonly string[];
};

const CRL = {
  periodMs: DAY_MS,
  jitterMs: 0,
  daily: null,
  afterRevocationMs: 5,
  afterRevocationMsMax: 60_000,
  onRevocation: 'full',
  partitions: {},
};

/** As much of a world as the timing of publications looks at. */
function publicationOf(setting: Setting = {}) {
  const { thisUpdate = NOW, delta = null, crl: timing = {}, deltaCrl = false, leased = 0, now = NOW } = setting;
  let leasedStill = leased;
  let { leaseThrows = false } = setting;
  const { changes = { last: 0, seen: 0 } } = setting;
  const published: string[] = [];
  const logged: string[] = [];
  const release: (() => void)[] = [];
  const crl = (at: number, scope = 'full') =>
    ({ thisUpdate: at, issuer: ISSUER, scope, number: 4, seen: { change: changes.seen, listedSince: 0 } }) as CrlRecord;
  const reads = {
    latestCrl: async (_: IssuerId, scope = 'full') => {
      if (/-\d+$/.test(scope)) return setting.partitionsListed?.includes(scope) === true ? crl(NOW, scope) : null;
      if (scope === 'delta') return delta === null ? null : crl(delta.thisUpdate, 'delta');
      return thisUpdate === null ? null : crl(thisUpdate);
    },
    lastChange: async () => changes.last,
  } as unknown as Reads;
  const world = {
    policy: {
      environment: {
        addresses: { deltaCrl },
        crl: {
          ...CRL,
          delta: { periodMs: DAY_MS / 24 },
          ...timing,
          ...(setting.partitionsListed === undefined ? {} : { partitions: { [ISSUER]: 2 } }),
        },
      },
    },
    issuers: {
      all: () => [
        ...(setting.broken === undefined ? [] : [{ id: setting.broken, kind: 'issuing' }]),
        { id: ISSUER, kind: 'issuing' },
        { id: 'acr-fo', kind: 'root' },
      ],
    },
    store: {
      read: async (work: (given: Reads) => Promise<unknown>) => ok(await work(reads)),
      acquireLease: async (request: object) => {
        if (leaseThrows) {
          leaseThrows = false;
          throw new Error('SQLSTATE XX000');
        }
        leasedStill -= 1;
        return ok(leasedStill >= 0 ? null : { ...request, fencingToken: 1 });
      },
      releaseLease: async () => ok(undefined),
    },
    random: (length: number) => new Uint8Array(length),
    clock: () => now,
    log: {
      info: () => undefined,
      warn: () => undefined,
      error: (_: string, { kind }: { readonly kind: string }) => void logged.push(kind),
    },
  } as unknown as World;
  const publish = (issuer: IssuerId, kind: CrlKind) => {
    const failure = setting.failures?.shift();
    if (failure !== undefined) return Promise.resolve(err({ kind: failure } as OperationFailure));
    if (issuer === setting.broken) return Promise.reject(new Error('a serial of 1 to 20 octets'));
    published.push(kind === 'full' ? issuer : `${issuer} ${kind}`);
    return new Promise<ReturnType<typeof ok<CrlRecord>>>((resolve) => release.push(() => resolve(ok(crl(NOW)))));
  };
  const publication = createCrlPublication(world, publish);
  const finish = async (): Promise<void> => {
    while (release.length > 0) release.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  /** Looks once for what is due; what was published. */
  const lookOnce = async (): Promise<readonly string[]> => {
    const due = publication.publishDue();
    await pause(1);
    await finish();
    await due;
    return published;
  };
  return { publication, published, logged, finish, lookOnce };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (const end = performance.now() + 30_000; !isTrue(); await pause(1)) assert.ok(performance.now() < end);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

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
    const { publication, published, logged, finish } = publicationOf({ failures });
    for (const count of [1, 2]) {
      publication.publishSoon(ISSUER);
      await until(() => published.length === count);
      await finish();
      failures.push('signer-unavailable', 'signer-unavailable');
    }
    assert.deepEqual(logged, ['database-unavailable', 'signer-unavailable', 'signer-unavailable']);
  });

  it('publishes one list for several revocations in a row', async () => {
    const { publication, published, finish } = publicationOf();
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
    const storm = publicationOf({ crl: { afterRevocationMs: 10_000, afterRevocationMsMax: 40 } });
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
      const { publication, published, finish } = publicationOf({ deltaCrl, crl: { onRevocation: 'delta' } });
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
