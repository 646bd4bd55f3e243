/**
 * Lists that are requested of a process without the role `worker`. Without the job, an officer's
 * request would be lost with the worker that was to serve it, or be answered with an older list.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createListRequests, publishRequestedLists } from '../../../src/jobs/lists/list-requests.js';
import { ok } from '../../../src/kernel/result.js';
import type { CrlKind } from '../../../src/policy/publication/crl-scopes.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { CrlRecord } from '../../../src/ports/store/crls.js';
import type { Store } from '../../../src/ports/store.js';
import type { Issuer } from '../../../src/x509/model.js';
import { crlTestPolicy } from '../../support/crl/policy.js';
import { describeOnEach } from '../../support/db/fixture.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';

const ISSUER = { id: 'aci-fo-pp', kind: 'issuing' } as Issuer;

describeOnEach('a requested list', ({ opened }) => {
  /** The request of an API that does not wait for a worker. */
  const requestsOn = (store: Store) =>
    createListRequests(
      {
        store,
        random: (length) => new Uint8Array(randomBytes(length)),
        policy: crlTestPolicy({}, true),
        issuers: {
          byId: (id) => (id === ISSUER.id ? ISSUER : null),
          current: () => null,
          all: () => [ISSUER],
          chain: () => [],
        },
      },
      0,
    );
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
    assert.deepEqual(await workDue(publishRequestedLists, worker, sharedWorldOf(store)), ['done']);
    assert.deepEqual(made, [[ISSUER.id, 'full']]);
    assert.deepEqual(await workDue(publishRequestedLists, worker, sharedWorldOf(store)), []);
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
    await workDue(publishRequestedLists, worker, sharedWorldOf(store));
    await workDue(publishRequestedLists, worker, sharedWorldOf(store));
    assert.equal(made, 2);
  });

  it('stays a full one when a delta is requested too', async () => {
    const store = await opened();
    for (const kind of ['full', 'delta'] as const) await requestsOn(store)(ISSUER.id, kind);
    const kinds: unknown[] = [];
    const worker = workerOf(async (_, kind) => void kinds.push(kind));
    await workDue(publishRequestedLists, worker, sharedWorldOf(store));
    assert.deepEqual(kinds, ['full']);
  });

  it('is refused where no list of this kind can be made, and nothing is stored', async () => {
    const store = await opened();
    const refused = await requestsOn(store)('aci-unknown' as IssuerId);
    assert.equal(refused.ok ? null : refused.error.kind, 'not-found');
    const never = workerOf(async () => assert.fail('nothing was requested'));
    assert.deepEqual(await workDue(publishRequestedLists, never, sharedWorldOf(store)), []);
  });
});
