/**
 * Orders of mass revocation on several nodes. Without this test, one lease for all orders could
 * make an urgent order wait until another node has finished a long one.
 */
import assert from 'node:assert/strict';
import { recordIdFrom } from '../../../src/issuance/intent.js';
import { processMassRevocationsJob } from '../../../src/jobs/mass-revocation.js';
import { runAttempt } from '../../../src/jobs/runner/attempt.js';
import { present } from '../../../src/kernel/assert.js';
import type { World } from '../../../src/operations/world.js';
import type { RunId } from '../../../src/ports/node.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { MassRevocation } from '../../../src/ports/store/mass-revocations.js';
import type { Store } from '../../../src/ports/store.js';
import { cardNumber, countsOf, openedCampaign } from '../../support/campaigns/stage.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, EVERY_CERTIFICATE, ISSUER, intent, NOW, OTHER_ISSUER } from '../../support/db/records.js';
import { sharedWorldOf } from '../../support/job-run.js';
import { SILENT_LOG } from '../../support/status/authority.js';

const ALL = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] } as const;
type Node = { readonly store: Store; readonly run: RunId };

const [ONE, OTHER] = ['1'.repeat(32) as RunId, '2'.repeat(32) as RunId];

/** Submits an order for one certificate. */
async function submit(store: Store, number: number, from: Partial<CertificateRecord>): Promise<string> {
  const record = intent(number, from);
  const selection = { ...EVERY_CERTIFICATE, spkiSha256: record.spkiSha256 };
  const order: MassRevocation = {
    id: recordIdFrom(NOW, new Uint8Array(10).fill(number)),
    accountId: 'officer-1',
    requestId: null,
    submittedAt: NOW,
    selection,
    reason: 'superseded',
    invalidityDate: null,
    state: 'running',
    finishedAt: null,
    matched: 1,
    revoked: 0,
    alreadyRevoked: 0,
  };
  unwrap(
    await store.transaction(async (tx) => {
      await certify(tx, record, { status: 'issued' });
      await tx.insertMassRevocation(order, { selection, scope: ALL });
    }),
  );
  return order.id;
}

describeOnEach('mass revocations', ({ fresh, opened }) => {
  const workOn = async ({ store, run }: Node, id: string, meanwhile = async (): Promise<void> => undefined) => {
    const world = { store, clock: () => NOW, log: SILENT_LOG, statusChanged: () => undefined } as unknown as World;
    const work = present(processMassRevocationsJob.prepare(world), 'the work');
    const midway: typeof work = {
      ...work,
      work: async (leased, item) => {
        await meanwhile();
        return work.work(leased, item);
      },
    };
    const prepared = { job: processMassRevocationsJob, work: midway, everyMs: processMassRevocationsJob.everyMs };
    const request = { item: id, woken: true, isStopping: () => false, begun: () => undefined };
    return runAttempt(sharedWorldOf(store, { run }), prepared, request);
  };

  it('run at once on two nodes', async () => {
    const database = await fresh();
    const [first, second] = [
      { store: await opened({ database }), run: ONE },
      { store: await opened({ database }), run: OTHER },
    ];
    const orders = [
      await submit(first.store, 1, { issuer: ISSUER }),
      await submit(first.store, 2, { issuer: OTHER_ISSUER }),
    ];
    const [one = '', other = ''] = orders;
    const ends: string[] = [];
    ends.push(
      await workOn(first, one, async () => {
        ends.push(await workOn(second, other), await workOn(second, one));
      }),
    );
    assert.deepEqual(ends, ['done', 'held', 'done']);
    const states = await Promise.all(
      orders.map(async (id) => unwrap(await first.store.read((reads) => reads.massRevocation(id)))),
    );
    assert.deepEqual(
      states.map((order) => [order?.state, order?.revoked]),
      [
        ['completed', 1],
        ['completed', 1],
      ],
    );
  });

  it('let a card go from its campaigns when its last certificate is revoked', async () => {
    const node = { store: await opened(), run: ONE };
    const facts = { tokenId: cardNumber(1), product: 'cps', holderId: intent(1).holderId, profession: '10' };
    unwrap(await node.store.transaction((tx) => tx.putCardsInUse([facts], NOW)));
    const order = await submit(node.store, 1, { cardTokenId: facts.tokenId });
    const { id } = await openedCampaign(node.store);
    assert.deepEqual(await countsOf(node.store, id), { 'all waiting': 1 });
    assert.equal(await workOn(node, order), 'done');
    assert.deepEqual(await countsOf(node.store, id), { 'all gone': 1 });
  });
});
