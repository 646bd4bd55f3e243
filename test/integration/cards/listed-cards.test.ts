/**
 * Lists of which an account sees a part. Without these tests an account could learn by the cursor
 * of a short page which card somebody has whom it may not see, and in which state that card is.
 */
import assert from 'node:assert/strict';
import { applicationsOf, type CardRequestBody } from '../../../src/http/api/card-request.js';
import { listApprovals } from '../../../src/operations/approvals/read.js';
import { listCards } from '../../../src/operations/cards/read-cards.js';
import { listRegistrations } from '../../../src/operations/enrolment/read-registrations.js';
import { issueCertificates } from '../../../src/operations/issuance/issue.js';
import { listUpdates } from '../../../src/operations/updates/read.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import { approvalRecord } from '../../support/approvals/records.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { registration } from '../../support/enrolment/registrations.js';
import { CARD_MANAGEMENT, createBench, type OrderBench } from '../../support/orders/order-bench.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { professional, professionalId, tokenId } from '../../support/service/orders.js';
import { updateRow } from '../../support/updates/update-rows.js';
import { NOW } from '../../unit/policy/fixtures.js';

const [SEEN, UNSEEN] = [3, 1] as const;

function limitedTo(holder: number, roles: readonly string[]): Account {
  const scope = { ...CARD_MANAGEMENT.scope, holders: [professionalId(holder)] };
  return { ...CARD_MANAGEMENT, id: 'limited', roles, scope } as Account;
}

async function issue({ world }: OrderBench, number: number, holder: number): Promise<void> {
  const body: CardRequestBody = {
    holder: professional(holder) as unknown as CardRequestBody['holder'],
    card: { tokenId: tokenId(number), product: 'cps' },
    identity: { assurance: 'high', source: 'PSI', reference: 'dossier-1', verifiedAt: '2026-02-01T10:00:00Z' },
    requests: [{ profile: 'fort/cps-authentication', csr: makeCsr(makeKey()), keyOrigin: 'card' }],
  };
  const applications = applicationsOf(body);
  unwrap(await issueCertificates(world, { account: CARD_MANAGEMENT, applications, idempotency: null }));
}

describeOnEach('the cursor of a list', ({ opened }) => {
  let bench: OrderBench;
  beforeEach(async () => {
    const time = { now: NOW };
    bench = await createBench({ store: await opened({ clock: () => time.now }), time });
  });

  it('names no card that the account may not see', async () => {
    await issue(bench, 1, UNSEEN);
    await issue(bench, 2, UNSEEN);
    await issue(bench, 3, SEEN);
    const account = limitedTo(SEEN, ['card-management']);
    const list = async (holder: number | null) => {
      const holderId = holder === null ? null : professionalId(holder);
      const page = { state: null, holderId, after: '', limit: 1 };
      const { cards, next } = unwrap(await listCards(bench.world, account, page));
      return [cards.map(({ card }) => card.tokenId), next];
    };
    assert.deepEqual(await list(UNSEEN), [[], null]);
    assert.deepEqual(await list(SEEN), [[tokenId(3)], null]);
    assert.deepEqual(await list(null), [[tokenId(3)], null]);
  });

  it('names no registration that the account may not see', async () => {
    for (const number of [1, 2, 3])
      unwrap(await bench.store.transaction((tx) => tx.insertRegistration(registration(number))));
    const { holderId } = registration(1);
    const page = { holderId: holderId ?? '', limit: 1 };
    const account = limitedTo(SEEN, ['card-management']);
    const read = unwrap(await listRegistrations(bench.world, account, page));
    assert.deepEqual(read, { registrations: [], next: null });
    const all = unwrap(await listRegistrations(bench.world, CARD_MANAGEMENT, page));
    assert.deepEqual([all.registrations.length, all.next], [1, registration(3).id]);
  });

  it('names no approval and no update that the account may not see', async () => {
    const account = limitedTo(SEEN, ['officer']);
    for (const number of [1, 2, 3])
      unwrap(
        await bench.store.transaction(async (tx) => {
          await tx.insertApproval(approvalRecord(number));
          await tx.insertUpdates([updateRow(number)]);
        }),
      );
    const page = { state: undefined, before: null, limit: 1 };
    const world = bench.world as unknown as Parameters<typeof listApprovals>[0];
    assert.deepEqual(unwrap(await listApprovals(world, account, page)), { approvals: [], next: null });
    assert.deepEqual(unwrap(await listUpdates(world, account, { ...page, state: null })), { updates: [], next: null });
  });
});
