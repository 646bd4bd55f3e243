/**
 * Lists that are requested of a process without the role `worker`. Without the job, an officer's
 * request would be lost with the worker that was to serve it, or be answered with an older list.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPublishByWorker, publishRequestedListsJob } from '../../../src/jobs/lists/list-requests.js';
import { SECOND_MS } from '../../../src/kernel/duration.js';
import { err, ok } from '../../../src/kernel/result.js';
import type { OperationFailure } from '../../../src/operations/failures.js';
import type { CrlKind } from '../../../src/policy/publication/crl-scopes.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { CrlRecord } from '../../../src/ports/store/crls.js';
import type { Store } from '../../../src/ports/store.js';
import { fault } from '../../../src/texts/text.js';
import type { Issuer } from '../../../src/x509/model.js';
import { crlTestPolicy } from '../../support/crl/policy.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { NOW } from '../../support/db/records.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';

const ISSUER = { id: 'aci-fo-pp', kind: 'issuing' } as Issuer;

describeOnEach('a requested list', ({ opened }) => {
  /** The requests of an API, which by default does not wait for a worker. */
  const requestsOn = (store: Store, steadyMs = () => Number.POSITIVE_INFINITY) =>
    createPublishByWorker({
      store,
      steadyMs,
      random: (length) => new Uint8Array(randomBytes(length)),
      policy: crlTestPolicy({}, true),
      issuers: {
        byId: (id) => (id === ISSUER.id ? ISSUER : null),
        current: () => null,
        all: () => [ISSUER],
        chain: () => [],
        links: () => [],
      },
    });
  const failing = (failure: () => Promise<OperationFailure>) => ({
    crls: { publishNow: async () => err(await failure()) },
  });
  const UNAVAILABLE = { kind: 'signer-unavailable', retryAfterMs: 5_000, detail: 'a test' } as const;
  const workerOf = (publishNow: (issuer: IssuerId, kind?: CrlKind) => Promise<void>) => ({
    crls: {
      publishNow: async (issuer: IssuerId, kind?: CrlKind) => {
        await publishNow(issuer, kind);
        return ok({} as CrlRecord);
      },
    },
  });

  it('is made once by a worker that starts later', async () => {
    const store = await opened();
    const waited = await requestsOn(store)(ISSUER.id);
    assert.equal(waited.ok ? null : waited.error.kind, 'signer-unavailable');
    const made: unknown[] = [];
    const worker = workerOf(async (issuer, kind) => void made.push([issuer, kind]));
    assert.deepEqual(await workDue(publishRequestedListsJob, worker, sharedWorldOf(store)), ['done']);
    assert.deepEqual(made, [[ISSUER.id, 'full']]);
    assert.deepEqual(await workDue(publishRequestedListsJob, worker, sharedWorldOf(store)), []);
  });

  it('is made again for a request that arrives while one is being made', async () => {
    const store = await opened();
    const request = requestsOn(store);
    await request(ISSUER.id);
    let made = 0;
    const worker = workerOf(async () => {
      made += 1;
      if (made === 1) await request(ISSUER.id);
    });
    await workDue(publishRequestedListsJob, worker, sharedWorldOf(store));
    await workDue(publishRequestedListsJob, worker, sharedWorldOf(store));
    assert.equal(made, 2);
  });

  it('stays a full one when a delta is requested too', async () => {
    const store = await opened();
    for (const kind of ['full', 'delta'] as const) await requestsOn(store)(ISSUER.id, kind);
    const kinds: unknown[] = [];
    const worker = workerOf(async (_, kind) => void kinds.push(kind));
    await workDue(publishRequestedListsJob, worker, sharedWorldOf(store));
    assert.deepEqual(kinds, ['full']);
  });

  it('is answered with the refusal of the worker, and is not tried again', async () => {
    const store = await opened();
    const failure = { kind: 'state-conflict', ...fault('delta-lists-not-served') } as const;
    const answer = requestsOn(store, () => performance.now())(ISSUER.id);
    const worker = failing(async () => failure);
    const work = () => workDue(publishRequestedListsJob, worker, sharedWorldOf(store));
    let ends = await work();
    for (; ends.length === 0; ends = await work()) await sleep(10);
    assert.deepEqual(ends, ['failed']);
    assert.deepEqual(await answer, err(failure));
    assert.deepEqual(await work(), []);
    // A later request begins anew.
    await requestsOn(store)(ISSUER.id);
    const able = workerOf(async () => undefined);
    assert.deepEqual(await workDue(publishRequestedListsJob, able, sharedWorldOf(store)), ['done']);
  });

  it('begins without the failures of the request before it, also while the worker fails', async () => {
    let now = NOW;
    const store = await opened({ clock: () => now });
    const request = requestsOn(store);
    await request(ISSUER.id);
    let tries = 0;
    const worker = failing(async () => {
      tries += 1;
      if (tries === 3) await request(ISSUER.id);
      return UNAVAILABLE;
    });
    const stored = () => store.read((reads) => reads.job({ job: 'list-requests', item: ISSUER.id }));
    for (const failures of [1, 2, 1]) {
      await workDue(publishRequestedListsJob, worker, sharedWorldOf(store));
      assert.equal(unwrap(await stored())?.failures, failures);
      now += 60 * SECOND_MS;
    }
    assert.equal(tries, 3);
  });

  it('is answered with the full list that was made because no delta could be, and not with an older delta', async () => {
    const store = await opened();
    const published = async (scope: CrlKind, numberMin: number): Promise<void> => {
      const times = { thisUpdate: NOW, nextUpdate: NOW + 60 * SECOND_MS };
      const base = scope === 'delta' ? { base: numberMin - 1 } : {};
      const stored = await store.transaction(async (tx) => {
        const crl = await tx.reserveCrl({ issuer: ISSUER.id, scope, numberMin, ...base, ...times });
        const made = { tbsSha256: '0'.repeat(64), sha256: '1'.repeat(64), sizeBytes: 1, entries: 0, publishedAt: NOW };
        await tx.updateCrl({ ...crl, ...made, state: 'published' });
      });
      unwrap(stored);
    };
    await published('full', 1);
    await published('delta', 2);
    const answer = requestsOn(store, () => performance.now())(ISSUER.id, 'delta');
    const worker = workerOf(() => published('full', 3));
    while ((await workDue(publishRequestedListsJob, worker, sharedWorldOf(store))).length === 0) await sleep(10);
    const list = await answer;
    assert.deepEqual(list.ok ? [list.value.scope, list.value.number] : list.error, ['full', 3]);
  });

  it('is waited for 45 s, with the time that reading takes', async () => {
    const store = await opened();
    let now = 0;
    let looks = 0;
    const slow: Store = {
      ...store,
      read: (work) => {
        looks += 1;
        now += 10 * SECOND_MS;
        return store.read(work);
      },
    };
    const answer = await requestsOn(slow, () => now)(ISSUER.id);
    assert.equal(answer.ok ? null : answer.error.kind, 'signer-unavailable');
    assert.equal(looks, 5);
  });

  it('is refused where no list of this kind can be made, and nothing is stored', async () => {
    const store = await opened();
    const refused = await requestsOn(store)('aci-unknown' as IssuerId);
    assert.equal(refused.ok ? null : refused.error.kind, 'not-found');
    const never = workerOf(async () => assert.fail('nothing was requested'));
    assert.deepEqual(await workDue(publishRequestedListsJob, never, sharedWorldOf(store)), []);
  });
});
