import assert from 'node:assert/strict';
import { createCrlPublication } from '../../../src/jobs/crl-publication.js';
import { ok } from '../../../src/kernel/result.js';
import type { World } from '../../../src/operations/world.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { CrlRecord } from '../../../src/ports/store.js';

const ISSUER = 'aci-fo-pp' as IssuerId;
const NOW = Date.UTC(2026, 2, 1);
const DAY_MS = 86_400_000;

type Setting = {
  readonly thisUpdate?: number | null;
  readonly afterRevocationMs?: number;
  /** Another service has the lease. */
  readonly leased?: boolean;
};

/** As much of a world as the timing of publications looks at. */
function publicationOf({ thisUpdate = NOW, afterRevocationMs = 5, leased = false }: Setting = {}) {
  const published: IssuerId[] = [];
  const release: (() => void)[] = [];
  const crl = (at: number) => ({ thisUpdate: at }) as CrlRecord;
  const world = {
    policy: { environment: { crl: { periodMs: DAY_MS, afterRevocationMs } } },
    issuers: {
      all: () => [
        { id: ISSUER, kind: 'issuing' },
        { id: 'acr-fo', kind: 'root' },
      ],
    },
    store: {
      read: async () => ok(thisUpdate === null ? null : crl(thisUpdate)),
      acquireLease: async (request: object) => ok(leased ? null : { ...request, fencingToken: 1, until: NOW + 1 }),
      releaseLease: async () => ok(undefined),
    },
    random: (length: number) => new Uint8Array(length),
    clock: () => NOW,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  } as unknown as World;
  const publish = (issuer: IssuerId) => {
    published.push(issuer);
    return new Promise<ReturnType<typeof ok<CrlRecord>>>((resolve) => release.push(() => resolve(ok(crl(NOW)))));
  };
  const publication = createCrlPublication(world, publish);
  const finish = async (): Promise<void> => {
    while (release.length > 0) release.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { publication, published, finish };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the timing of CRLs', () => {
  it('publishes one list of an issuer at a time, and one more for all who asked meanwhile', async () => {
    const { publication, published, finish } = publicationOf();
    const first = publication.now(ISSUER);
    await pause(1);
    const others = Array.from({ length: 50 }, () => publication.now(ISSUER));
    await pause(1);
    assert.equal(published.length, 1);
    await finish();
    await finish();
    await Promise.all([first, ...others]);
    assert.equal(published.length, 2);
  });

  it('lets revocations that follow one another share a list', async () => {
    const { publication, published, finish } = publicationOf();
    for (let times = 0; times < 20; times += 1) publication.soon(ISSUER);
    await pause(30);
    assert.equal(published.length, 1);
    await finish();
    publication.soon(ISSUER);
    await pause(30);
    assert.equal(published.length, 2);
    await finish();
    await publication.stop();
  });

  it('leaves a list that is due to the service that has the lease, and publishes at once what is asked for', async () => {
    const { publication, published, finish } = publicationOf({ thisUpdate: null, leased: true });
    await publication.due();
    assert.deepEqual(published, []);
    const asked = publication.now(ISSUER);
    await pause(1);
    await finish();
    assert.ok((await asked).ok);
  });

  it("publishes what is older than the policy's period, never a root's list", async () => {
    for (const [thisUpdate, expected] of [
      [NOW - DAY_MS, [ISSUER]],
      [NOW - DAY_MS + 1, []],
      [null, [ISSUER]],
    ] as const) {
      const { publication, published, finish } = publicationOf({ thisUpdate });
      const due = publication.due();
      await pause(1);
      await finish();
      await due;
      assert.deepEqual(published, expected);
    }
  });

  it('begins nothing after it was stopped', async () => {
    const { publication, published } = publicationOf();
    publication.soon(ISSUER);
    await publication.stop();
    publication.soon(ISSUER);
    await pause(30);
    assert.deepEqual(published, []);
  });
});
