/**
 * The replacement of cards, and the procedures of holders. Without it, a holder could lose the last
 * live certificate, or two procedures of one person could race.
 */
import assert from 'node:assert/strict';
import { applicationsOf, type CardRequestBody } from '../../../src/http/api/card-request.js';
import { endDueReplacementsJob } from '../../../src/jobs/replacements-due.js';
import { DAY_MS, HOUR_MS } from '../../../src/kernel/duration.js';
import { listCards, readCard, readHolder } from '../../../src/operations/cards/read-cards.js';
import { readCardHistory } from '../../../src/operations/cards/read-history.js';
import { replaceCard } from '../../../src/operations/cards/replace-card.js';
import { issueCertificates } from '../../../src/operations/issuance/issue.js';
import { revokeCard, revokeHolder } from '../../../src/operations/revocation/revoke-all.js';
import type { RunId } from '../../../src/ports/node.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';
import { CARD_MANAGEMENT, createBench, type OrderBench } from '../../support/orders/order-bench.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { professional, professionalId, tokenId } from '../../support/service/orders.js';
import { NOW } from '../../unit/policy/fixtures.js';

const OFFICER = { ...CARD_MANAGEMENT, id: 'officer-1', roles: ['officer'] };
const WEEK_MS = 7 * DAY_MS;
const [ONE, OTHER] = ['1'.repeat(32) as RunId, '2'.repeat(32) as RunId];
const CSRS = Array.from({ length: 6 }, () => makeCsr(makeKey()));
const AUTHENTICATION = 'fort/cps-authentication';

const issue = (bench: OrderBench, number: number, holder: number) => issueOf(bench, { number, holder });

async function issueOf(
  { world }: OrderBench,
  {
    number,
    holder,
    profile = AUTHENTICATION,
  }: { readonly number: number; readonly holder: number; readonly profile?: string },
): Promise<void> {
  const csr = profile === AUTHENTICATION ? (CSRS[number] ?? '') : makeCsr(makeKey());
  const body: CardRequestBody = {
    holder: professional(holder) as unknown as CardRequestBody['holder'],
    card: { tokenId: tokenId(number), product: 'cps' },
    identity: { assurance: 'high', source: 'PSI', reference: 'dossier-1', verifiedAt: '2026-02-01T10:00:00Z' },
    requests: [{ profile, csr, keyOrigin: 'card' }],
  };
  const applications = applicationsOf(body);
  unwrap(await issueCertificates(world, { account: CARD_MANAGEMENT, applications, idempotency: null }));
}

const replace = ({ world }: OrderBench, old: number, by: number) =>
  replaceCard(world, tokenId(old), { account: CARD_MANAGEMENT, by: tokenId(by), overlapMs: WEEK_MS });

function ruleOf(outcome: Awaited<ReturnType<typeof replace>>): string {
  if (outcome.ok) return 'replaced';
  return 'rule' in outcome.error ? outcome.error.rule : outcome.error.kind;
}

async function cardOf({ world }: OrderBench, number: number) {
  const { card, certificates, procedure } = unwrap(await readCard(world, OFFICER, tokenId(number)));
  const states = certificates.map(({ state }) => (state.status === 'revoked' ? state.reason : state.status));
  return { ...card, states, procedure };
}

const runJob = ({ world, store, time }: OrderBench, at: number) => {
  time.now = at;
  return workDue(endDueReplacementsJob, world, sharedWorldOf(store));
};

describeOnEach('the replacement of a card', ({ fresh, opened }) => {
  let bench: OrderBench;
  beforeEach(async () => {
    const time = { now: NOW };
    bench = await createBench({ store: await opened({ clock: () => time.now }), time });
    await issue(bench, 1, 1);
  });

  it('revokes the old certificates as superseded when the overlap is over, and not before', async () => {
    const { replacedUntil } = unwrap(await replace(bench, 1, 2));
    assert.equal(replacedUntil, NOW + WEEK_MS);
    await issue(bench, 2, 1);
    await runJob(bench, NOW + WEEK_MS - 1);
    assert.deepEqual((await cardOf(bench, 1)).states, ['issued']);
    await runJob(bench, NOW + WEEK_MS);
    const { state, reason, states, procedure, replacedBy } = await cardOf(bench, 1);
    assert.deepEqual(
      [state, reason, states, procedure, replacedBy],
      ['returned', 'replaced', ['superseded'], null, tokenId(2)],
    );
    assert.deepEqual((await cardOf(bench, 2)).states, ['issued']);
  });

  it('waits while the new card has no live certificate, so that the holder is never without one', async () => {
    unwrap(await replace(bench, 1, 2));
    await runJob(bench, NOW + WEEK_MS);
    const waiting = await cardOf(bench, 1);
    assert.deepEqual([waiting.state, waiting.states], ['in-use', ['issued']]);
    await issue(bench, 2, 1);
    await runJob(bench, NOW + WEEK_MS + HOUR_MS);
    assert.deepEqual((await cardOf(bench, 1)).states, ['superseded']);
  });

  it('waits while the new card has certificates of somebody else only', async () => {
    unwrap(await replace(bench, 1, 2));
    await issue(bench, 2, 2);
    await runJob(bench, NOW + WEEK_MS);
    assert.deepEqual((await cardOf(bench, 1)).states, ['issued']);
  });

  it('is refused to an account whose scope has only some of the certificates that it would end', async () => {
    await issueOf(bench, { number: 1, holder: 1, profile: 'fort/cps-signature' });
    const account = { ...CARD_MANAGEMENT, scope: { ...CARD_MANAGEMENT.scope, profiles: ['fort/cps-signature'] } };
    const refused = await replaceCard(bench.world, tokenId(1), { account, by: tokenId(2), overlapMs: WEEK_MS });
    assert.equal(ruleOf(refused), 'profile-in-scope');
  });

  it('gets the same answer for its Idempotency-Key, also after the overlap', async () => {
    const request = (by: number) => {
      const claim = { account: CARD_MANAGEMENT.id, route: 'POST /v1/cards/1/replacement', key: 'one' };
      const idempotency = { claim, bodySha256: String(by).padStart(64, '0') };
      const replacement = { account: CARD_MANAGEMENT, by: tokenId(by), overlapMs: WEEK_MS, idempotency };
      return replaceCard(bench.world, tokenId(1), replacement);
    };
    unwrap(await request(2));
    await issue(bench, 2, 1);
    await runJob(bench, NOW + WEEK_MS);
    assert.equal(ruleOf(await replace(bench, 1, 2)), 'card-returned', 'without its key');
    const again = unwrap(await request(2));
    assert.deepEqual([again.replacedBy, again.state], [tokenId(2), 'returned']);
    assert.equal(ruleOf(await request(3)), 'idempotency-mismatch');
  });

  it('again gets the same answer, and another one is refused while it is open', async () => {
    const first = unwrap(await replace(bench, 1, 2));
    assert.deepEqual(unwrap(await replace(bench, 1, 2)), { ...first, version: first.version + 1 });
    assert.equal(ruleOf(await replace(bench, 1, 3)), 'procedure-open');
    assert.equal(ruleOf(await replace(bench, 2, 3)), 'procedure-open');
    const { procedures } = unwrap(await readHolder(bench.world, OFFICER, professionalId(1)));
    assert.deepEqual(
      procedures.map(({ kind, reference }) => [kind, reference]),
      [['replacement', tokenId(1)]],
    );
  });

  it('is by another card, of the same holder, that has the number of a card', async () => {
    await issue(bench, 4, 2);
    assert.equal(ruleOf(await replace(bench, 1, 1)), 'another-card');
    assert.equal(ruleOf(await replace(bench, 1, 4)), 'card-of-another-holder');
    const malformed = { account: CARD_MANAGEMENT, by: '8025000001/26', overlapMs: 0 };
    assert.equal(ruleOf(await replaceCard(bench.world, tokenId(1), malformed)), 'card-token-id');
    assert.equal(ruleOf(await replace(bench, 5, 1)), 'not-found');
    assert.equal(
      ruleOf(await replaceCard(bench.world, tokenId(1), { account: OFFICER, by: tokenId(2), overlapMs: 0 })),
      'role-permits',
    );
  });

  it('is given up when either card is opposed, or the holder is barred', async () => {
    const unspecified = { account: OFFICER, reason: 'unspecified', invalidityDate: null } as const;
    unwrap(await replace(bench, 1, 2));
    await issue(bench, 2, 1);
    unwrap(await revokeCard(bench.world, tokenId(2), unspecified));
    const again = await cardOf(bench, 1);
    assert.deepEqual([again.state, again.replacedBy, again.procedure], ['in-use', null, null]);
    unwrap(await replace(bench, 1, 3));
    unwrap(await revokeHolder(bench.world, professionalId(1), { ...unspecified, reason: 'privilegeWithdrawn' }));
    const barred = await cardOf(bench, 1);
    assert.deepEqual([barred.replacedUntil, barred.procedure], [null, null]);
    await issue(bench, 4, 2);
    // A card that was lost before it got a certificate.
    unwrap(await replace(bench, 4, 5));
    const narrow = { ...OFFICER, scope: { ...OFFICER.scope, holders: ['0*'] } };
    const hidden = await revokeCard(bench.world, tokenId(5), { ...unspecified, account: narrow });
    assert.ok(!hidden.ok && hidden.error.kind === 'not-found');
    assert.deepEqual(unwrap(await revokeCard(bench.world, tokenId(5), unspecified)), []);
    assert.equal((await cardOf(bench, 5)).state, 'opposed');
    unwrap(await replace(bench, 4, 6));
    unwrap(await revokeCard(bench.world, tokenId(4), unspecified));
    assert.equal((await cardOf(bench, 4)).procedure, null);
    await runJob(bench, NOW + WEEK_MS);
    assert.deepEqual((await cardOf(bench, 4)).reason, 'unspecified');
  });

  // Otherwise an account with a limited scope could read the holders of new cards of others, oppose
  // these cards, or replace them by a card that it names.
  it('names a card that no account sees or ends without a right to a certificate of the holder', async () => {
    unwrap(await replace(bench, 1, 2));
    const account = { ...CARD_MANAGEMENT, scope: { ...CARD_MANAGEMENT.scope, profiles: ['fort/server-tls'] } };
    const read = await readCard(bench.world, account, tokenId(2));
    const listed = await listCards(bench.world, account, { state: null, holderId: null, after: '', limit: 9 });
    assert.deepEqual(unwrap(listed).cards, []);
    const history = await readCardHistory(bench.world, account, tokenId(2));
    const replaced = await replaceCard(bench.world, tokenId(2), { account, by: tokenId(3), overlapMs: WEEK_MS });
    const revocation = { account, reason: 'unspecified', invalidityDate: null } as const;
    const revoked = await revokeCard(bench.world, tokenId(2), revocation);
    assert.deepEqual(
      [read, history, replaced, revoked].map((one) => (one.ok ? 'done' : one.error.kind)),
      Array(4).fill('not-found'),
    );
    assert.equal((await cardOf(bench, 2)).state, 'in-use');
  });

  it('of one person is one, whichever of two nodes is asked', async () => {
    const time = { now: NOW };
    const database = await fresh();
    const clock = (): number => time.now;
    const one = await createBench({ store: await opened({ database, clock }), run: ONE, time });
    const other = await createBench({ store: await opened({ database, clock }), run: OTHER, time });
    await issue(one, 1, 1);
    const outcomes = await Promise.all([replace(one, 1, 2), replace(other, 1, 3)]);
    assert.deepEqual(outcomes.map(ruleOf).sort(), ['procedure-open', 'replaced']);
  });
});
