/**
 * Whose intents are recovered, and what happens to the idempotency key of a request that is given
 * up. Otherwise a node would give up what another one is working on, or a client's retry would lose
 * its key to the recovery of its first attempt.
 */
import assert from 'node:assert/strict';
import type { JobLease } from '../../../src/jobs/job.js';
import { recoverIntentsOfEndedRunsJob } from '../../../src/jobs/recover-intents.js';
import { err } from '../../../src/kernel/result.js';
import { recoverIntents } from '../../../src/operations/issuance/recover.js';
import type { World } from '../../../src/operations/world.js';
import type { RunId } from '../../../src/ports/node.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { ISSUER, idOf, intent, NOW, OTHER_ISSUER, RUN } from '../../support/db/records.js';
import { nodeOf, runOf, withRun } from '../../support/db/runs.js';
import { insertIntents, setState } from '../../support/db/unaudited.js';
import { goodCertificate, policy } from '../../support/lint/fixtures.js';
import { NO_BLOCKED_KEYS } from '../../support/no-blocked-keys.js';

const [LIVE, ENDED, LOST] = [runOf(1), runOf(2), runOf(3)];
const CARD = '80250000012300456789';

describeOnEach('the recovery of open intents', ({ opened }) => {
  let store: Store;
  let underWay: Set<string>;
  let warnings: string[];

  beforeEach(async () => {
    warnings = [];
    store = await withRun(await opened());
    underWay = new Set();
    await withRun(store, { run: LIVE, node: nodeOf(1) });
    await withRun(store, { run: ENDED, node: nodeOf(2) });
    unwrap(await store.transaction((tx) => tx.endRun(ENDED, { at: NOW, reason: 'lost' })));
  });

  /** The clock of this process is far ahead. */
  const world = (): World => {
    const { issuer } = goodCertificate('fort/cps-signature').context;
    const parts = {
      run: RUN,
      underWay,
      store,
      clock: () => NOW + 3_600_000,
      statusChanged: () => undefined,
      log: {
        info: () => undefined,
        warn: (event: string, { detail }: { readonly detail: string }) => void warnings.push(`${event}: ${detail}`),
        error: () => undefined,
      },
      blockedKeys: NO_BLOCKED_KEYS,
      // The bytes of the intents do not pass the lint, so what would be signed is given up.
      policy,
      issuers: { byId: (id: string) => (id === ISSUER ? issuer : null) },
    };
    return parts as unknown as World;
  };
  const recover = async (whose: 'own' | 'ended') => unwrap(await recoverIntents(world(), whose));
  const insert = async (...records: readonly CertificateRecord[]) =>
    unwrap(await store.transaction((tx) => insertIntents(tx, records)));
  const ofRun = (number: number, run: RunId, from: Partial<CertificateRecord> = {}) => intent(number, { run, ...from });
  const open = async (...numbers: readonly number[]) => {
    const found = unwrap(await store.read((reads) => reads.certificatesByIds(numbers.map(idOf))));
    return numbers.filter((number) => found.find(({ id }) => id === idOf(number))?.state.status === 'open');
  };

  /** An intent that this node leaves to other nodes. */
  const unknown = (number: number): Partial<CertificateRecord> => ({
    claim: { account: 'card-management', route: 'POST /v1/cards', key: `later-${number}` },
    profile: 'fort/later',
    createdAt: NOW + number,
  });
  const prepared = () => {
    const job = recoverIntentsOfEndedRunsJob.prepare(world()) ?? assert.fail('it is prepared');
    return {
      isDue: async () => unwrap(await store.read((reads) => job.due(reads))).length > 0,
      work: async () => void (await job.work({ store } as unknown as JobLease, '')),
    };
  };

  it('concerns its own run, and runs that were ended or are not there, and no live run, whatever its clock', async () => {
    await insert(ofRun(1, RUN), ofRun(2, LIVE), ofRun(3, ENDED), ofRun(4, LOST));
    await recover('own');
    assert.deepEqual(await open(1, 2, 3, 4), [2, 3, 4]);
    await recover('ended');
    assert.deepEqual(await open(1, 2, 3, 4), [2]);
  });

  it('leaves requests of its own run alone that are under way', async () => {
    await insert(ofRun(1, RUN), ofRun(2, RUN));
    underWay.add(idOf(2));
    await recover('own');
    assert.deepEqual(await open(1, 2), [2]);
    underWay.clear();
    await recover('own');
    assert.deepEqual(await open(1, 2), []);
  });

  it('fails, and counts nothing as given up, when the database does not store it', async () => {
    await insert(ofRun(1, ENDED), ofRun(2, ENDED));
    const failure = { kind: 'database-unavailable', retryAfterMs: 1_000, detail: 'the lease is lost' } as const;
    const lost: Store = { ...store, transaction: () => Promise.resolve(err(failure)) };
    assert.deepEqual(await recoverIntents({ ...world(), store: lost }, 'ended'), err(failure));
    assert.deepEqual(await open(1, 2), [1, 2]);
  });

  it('leaves what it has no issuer or no profile for to other nodes, unless no client can retry it', async () => {
    const of = (key: string) => ({ claim: { account: 'card-management', route: 'POST /v1/cards', key } });
    const [unknownProfile, unknownIssuer] = [{ profile: 'fort/later' }, { issuer: OTHER_ISSUER }];
    await insert(
      ofRun(1, ENDED, { ...of('profile'), ...unknownProfile }),
      ofRun(2, ENDED, { ...of('issuer'), ...unknownIssuer, createdAt: NOW + 1 }),
      ofRun(3, ENDED, { ...unknownProfile, createdAt: NOW + 2 }),
      ofRun(4, ENDED, { ...of('known'), createdAt: NOW + 3 }),
    );
    assert.deepEqual(await recover('ended'), { finished: 0, abandoned: 2, waiting: 0, unknown: 2, left: [] });
    assert.deepEqual(await open(1, 2, 3, 4), [1, 2]);
    assert.deepEqual(warnings, [
      'intents.left-to-others: this node has no profile fort/later',
      `intents.left-to-others: this node has no issuer ${OTHER_ISSUER}`,
    ]);
  });

  it('leaves the job to other nodes for a while after it has left intents to them', async () => {
    await insert(ofRun(1, ENDED, unknown(1)));
    const { isDue, work } = prepared();
    assert.equal(await isDue(), true);
    await work();
    const looks: boolean[] = [];
    for (let turn = 1; turn <= 20; turn += 1) looks.push(await isDue());
    assert.deepEqual(looks, [...Array<boolean>(19).fill(false), true]);
  });

  it('recovers at once what another run has left open, whatever this node leaves to others', async () => {
    await insert(ofRun(1, ENDED, unknown(1)));
    const { isDue, work } = prepared();
    assert.equal(await isDue(), true);
    await work();
    assert.equal(await isDue(), false);
    await insert(ofRun(2, LOST));
    assert.equal(await isDue(), true);
    await work();
    assert.deepEqual(await open(1, 2), [1]);
    assert.equal(await isDue(), false);
  });

  it('reads on past a thousand intents of a run that it leaves to other nodes', async () => {
    const left = Array.from({ length: 1_001 }, (_, at) => ofRun(at + 1, ENDED, unknown(at + 1)));
    await insert(...left, ofRun(2_000, ENDED, { createdAt: NOW + 2_000 }));
    assert.equal((await recover('ended')).unknown, 1_001);
    assert.deepEqual(await open(1, 1_001, 2_000), [1, 1_001]);
  });

  it('continues with further runs after a hundred that it leaves to other nodes', async () => {
    const left = Array.from({ length: 101 }, (_, at) => ofRun(at + 1, runOf(at + 10), unknown(at + 1)));
    await insert(...left, ofRun(200, runOf(200)));
    const { isDue, work } = prepared();
    assert.equal(await isDue(), true);
    await work();
    assert.deepEqual(await open(1, 101, 200), [1, 101, 200]);
    assert.equal(await isDue(), true);
    await work();
    assert.deepEqual(await open(1, 101, 200), [1, 101]);
    assert.equal(await isDue(), false);
  });

  it('leaves the key of a request to the retry that has it, when a certificate of its card was revoked', async () => {
    const claim = { account: 'card-management', route: 'POST /v1/cards', key: 'lost' };
    const request = { claim, bodySha256: 'b'.repeat(64) };
    const first = { claim, cardTokenId: CARD };
    const retry = { ...first, createdAt: NOW + 5_000 };
    unwrap(await store.transaction((tx) => tx.claimIdempotency([request], NOW)));
    await insert(ofRun(1, ENDED, first), ofRun(2, ENDED, first));
    // The revocation releases the key, and the retry has it from then on.
    const revoked = { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } as const;
    unwrap(
      await store.transaction(async (tx) => {
        await setState(tx, idOf(1), [revoked, { at: NOW, actor: 'account:officer-1' }]);
        await tx.releaseClaims([claim]);
      }),
    );
    unwrap(await store.transaction((tx) => tx.claimIdempotency([request], NOW)));
    await insert(ofRun(3, LIVE, retry), ofRun(4, LIVE, retry));
    await recover('ended');
    assert.deepEqual(await open(2, 3, 4), [3, 4]);
    const peeked = unwrap(await store.read((reads) => reads.peekClaims([request])));
    assert.deepEqual(peeked, [{ kind: 'in-progress' }]);
  });

  it('takes a retry under the same key for another request, and releases the key when that is given up', async () => {
    const claim = { account: 'card-management', route: 'POST /v1/cards', key: 'lost' };
    const request = { claim, bodySha256: 'b'.repeat(64) };
    const of = (createdAt: number) => ({ claim, cardTokenId: CARD, createdAt });
    unwrap(await store.transaction((tx) => tx.claimIdempotency([request], NOW)));
    await insert(ofRun(1, ENDED, of(NOW)), ofRun(2, ENDED, of(NOW)), ofRun(3, ENDED, of(NOW + 1)));
    const revoked = { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } as const;
    unwrap(await store.transaction((tx) => setState(tx, idOf(1), [revoked, { at: NOW, actor: 'account:officer-1' }])));
    await recover('ended');
    assert.deepEqual(await open(2, 3), []);
    const peeked = unwrap(await store.read((reads) => reads.peekClaims([request])));
    assert.deepEqual(peeked, [{ kind: 'claimed' }]);
  });
});
