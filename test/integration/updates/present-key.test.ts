/**
 * Which key speaks for a card, and that it still may when its word takes effect. Without these
 * checks an old key would get certificates for ever, or a key that was revoked meanwhile would.
 */
import assert from 'node:assert/strict';
import { present } from '../../../src/kernel/assert.js';
import { DAY_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { decideApproval } from '../../../src/operations/approvals/decide.js';
import { requestApproval } from '../../../src/operations/approvals/request.js';
import { abandonUnwritten } from '../../../src/operations/updates/abandon.js';
import { decideUpdate } from '../../../src/operations/updates/decide.js';
import { listUpdatesOfCard, readUpdate } from '../../../src/operations/updates/read.js';
import type { World } from '../../../src/operations/world.js';
import type { Store } from '../../../src/ports/store.js';
import { countsOf, documentOf, openedCampaign } from '../../support/campaigns/stage.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, intent } from '../../support/db/records.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { setState } from '../../support/db/unaudited.js';
import { CARD_MANAGEMENT } from '../../support/orders/order-bench.js';
import { tokenId } from '../../support/service/orders.js';
import {
  AUTHENTICATION,
  CARD,
  type CardKey,
  createUpdateBench,
  OFFICER,
  ruleOf,
  SIGNATURE,
  type UpdateBench,
} from '../../support/updates/update-bench.js';

describeOnEach('the key that speaks for a card', ({ opened }) => {
  let bench: UpdateBench;
  let old: readonly [CardKey, CardKey];
  beforeEach(async () => {
    bench = await createUpdateBench(opened);
    old = await bench.issueSet();
  });

  const begin: UpdateBench['begin'] = (...args) => bench.begin(...args);
  const tell: UpdateBench['tell'] = (...args) => bench.tell(...args);
  /** Revokes the key after its statement was verified. */
  const revoking = (key: CardKey) => ({ store: bench.justBefore(() => bench.revoke(key, 'keyCompromise')) });
  const updated = async (profiles: readonly string[], by: CardKey = old[0]): Promise<readonly CardKey[]> => {
    const { id, fresh } = unwrap(await begin(by, profiles));
    const authentication = fresh.find(({ record }) => record.profile === AUTHENTICATION) ?? by;
    unwrap(await tell('confirm', { by: authentication, id, onCard: fresh }));
    await bench.pass(8 * DAY_MS);
    return fresh;
  };

  it('is no more the old one once the card has confirmed, though its certificate is left to its end', async () => {
    const [authentication] = await updated([AUTHENTICATION, SIGNATURE]);
    assert.equal(ruleOf(await begin(old[0], [AUTHENTICATION])), 'certificate-of-this-card');
    const by = present(authentication, 'a new key');
    const { id } = unwrap(await begin(by, [AUTHENTICATION]));
    assert.equal(ruleOf(await tell('abandon', { by: old[0], id })), 'certificate-of-this-card');
    assert.equal(ruleOf(await tell('abandon', { by, id })), 'accepted');
  });

  it('is no more the old one after a second update, which has revoked the certificate that replaced it', async () => {
    const [second] = await updated([AUTHENTICATION, SIGNATURE]);
    const document = documentOf({ supersede: 'revoke' });
    await openedCampaign(bench.store, { fixedAt: bench.time.now, document });
    const [third] = await updated([AUTHENTICATION, SIGNATURE], present(second, 'the second key'));
    assert.equal(ruleOf(await begin(old[0], [AUTHENTICATION])), 'certificate-of-this-card');
    const { replaces } = unwrap(await begin(present(third, 'the third key'), [AUTHENTICATION]));
    assert.deepEqual(replaces, [third?.record.id]);
  });

  it('has the newest set replaced', async () => {
    const [signature] = await updated([SIGNATURE]);
    const { replaces } = unwrap(await begin(old[0], [AUTHENTICATION, SIGNATURE]));
    assert.deepEqual(replaces, [old[0].record.id, signature?.record.id]);
  });

  it('gets nothing if it was revoked after its word was verified', async () => {
    assert.equal(ruleOf(await begin(old[0], [SIGNATURE], revoking(old[0]))), 'certificate-not-revoked');
    await noUpdate();
  });

  it('confirms nothing if it was revoked after its word was verified', async () => {
    const { id, fresh } = unwrap(await begin(old[0], [AUTHENTICATION, SIGNATURE]));
    const by = present(fresh[0], 'a new key');
    assert.equal(ruleOf(await tell('confirm', { by, id, onCard: fresh }, revoking(by))), 'certificate-not-revoked');
    assert.equal(ruleOf(await tell('abandon', { by: old[0], id })), 'accepted');
  });

  it('begins nothing while it is suspended, or when its certificate has expired', async () => {
    const [{ record }] = old;
    const suspended = { status: 'suspended', at: bench.time.now, invalidityDate: null } as const;
    const by = { at: bench.time.now, actor: 'account:officer-1' };
    unwrap(await bench.store.transaction((tx) => setState(tx, record.id, [suspended, by])));
    assert.equal(ruleOf(await begin(old[0], [AUTHENTICATION])), 'certificate-not-revoked');
    unwrap(await bench.store.transaction((tx) => setState(tx, record.id, [{ status: 'issued' }, by])));
    bench.time.now = record.notAfter + SECOND_MS;
    assert.equal(ruleOf(await begin(old[0], [AUTHENTICATION])), 'certificate-in-time');
  });

  const noUpdate = async (): Promise<void> => {
    const page = { cardTokenId: CARD, state: null, before: null, limit: 10 };
    assert.deepEqual(unwrap(await listUpdatesOfCard(bench.world, OFFICER, page)).updates, []);
  };
  const refusing = () => {
    const { policy } = bench.world;
    return { policy: { ...policy, environment: { ...policy.environment, refusesOpposed: true } } };
  };

  it('begins nothing for a holder who is barred, also after it was verified', async () => {
    const barred = { state: 'barred', at: bench.time.now, actor: 'account:officer-1' } as const;
    const store = bench.justBefore(() =>
      bench.store.transaction((tx) => tx.setHolderState(old[0].record.holderId, barred)),
    );
    assert.equal(ruleOf(await begin(old[0], [AUTHENTICATION], { ...refusing(), store })), 'holder-barred');
    assert.equal(ruleOf(await begin(old[0], [AUTHENTICATION], refusing())), 'holder-barred');
    await noUpdate();
  });

  for (const state of ['opposed', 'returned'] as const)
    it(`begins nothing for a card that is ${state}, also after it was verified`, async () => {
      const { holderId } = old[0].record;
      const ended = { tokenId: CARD, product: 'cps', holderId, profession: '10', reason: 'unspecified', state };
      const store = bench.justBefore(() => bench.store.transaction((tx) => tx.endCards([ended], bench.time.now)));
      assert.equal(ruleOf(await begin(old[0], [AUTHENTICATION], { ...refusing(), store })), `card-${state}`);
      assert.equal(ruleOf(await begin(old[0], [AUTHENTICATION], refusing())), `card-${state}`);
      await noUpdate();
    });

  it('contradicts two officers with an alarm, which is recorded once and changes nothing', async () => {
    const alarms: string[] = [];
    const { id, fresh } = unwrap(await begin(old[0], [AUTHENTICATION]));
    await bench.decide(id, 'abandoned');
    const log = { ...bench.world.log, error: (event: string) => void alarms.push(event) };
    const by = present(fresh[0], 'a new key');
    for (let time = 1; time <= 2; time += 1)
      assert.equal(ruleOf(await tell('confirm', { by, id, onCard: fresh }, { log })), 'update-contradicted');
    assert.deepEqual(alarms, ['update.contradicted']);
    const entries = (await storedAudit(bench.store)).filter(({ type }) => type === 'update.contradicted');
    assert.equal(entries.length, 1);
    const { update, certificates } = unwrap(await readUpdate(bench.world, OFFICER, { cardTokenId: CARD, id }));
    assert.deepEqual([update.state, certificates[0]?.state.status], ['abandoned', 'revoked']);
  });

  it('is withdrawn by two officers, though the result of the commit is lost', async () => {
    const { id } = unwrap(await begin(old[0], [AUTHENTICATION]));
    await bench.pass(4 * DAY_MS);
    const [first, second] = [OFFICER, { ...OFFICER, id: 'officer-2' }];
    unwrap(
      await bench.store.transaction(async (tx) => {
        for (const account of [first, second]) await tx.insertAccount(account);
      }),
    );
    const subject = { update: id, outcome: 'abandoned', reason: 'its holder was asked' } as const;
    const approval = unwrap(await requestApproval(bench.world, decideUpdate, { account: first, subject }));
    const lost = { kind: 'database-unavailable', retryAfterMs: 1_000, detail: 'a lost answer' } as const;
    const transaction: Store['transaction'] = async (...work) => {
      unwrap(await bench.store.transaction(...work));
      return { ok: false, error: lost };
    };
    const told: string[] = [];
    const statusChanged: World['statusChanged'] = (all) => void told.push(...all.map(({ serial }) => serial));
    const world = { ...bench.world, store: { ...bench.store, transaction }, statusChanged };
    const decided = await decideApproval(world, second, { id: approval.id, decision: 'approve' });
    assert.ok(!decided.ok);
    const { certificates } = unwrap(await readUpdate(bench.world, OFFICER, { cardTokenId: CARD, id }));
    assert.deepEqual([certificates[0]?.state.status, told], ['revoked', [certificates[0]?.serial]]);
  });

  it('is refused if another card has it too, and its card goes to a desk', async () => {
    const { id: campaign } = await openedCampaign(bench.store, { fixedAt: bench.time.now });
    const [{ record }] = old;
    const elsewhere = intent(9_000, {
      spkiSha256: record.spkiSha256,
      cardTokenId: tokenId(2),
      profile: record.profile,
    });
    unwrap(await bench.store.transaction((tx) => certify(tx, { ...elsewhere, holderId: record.holderId })));
    const refused = await begin(old[0], [AUTHENTICATION]);
    assert.ok(!refused.ok && refused.error.kind === 'card-to-desk');
    assert.equal(refused.error.reason, 'duplicate-key');
    assert.deepEqual(await countsOf(bench.store, campaign), { 'all to-desk duplicate-key': 1 });
  });

  it('is not all of what a campaign wants: a card is done when its last old certificate is replaced', async () => {
    const { id: campaign } = await openedCampaign(bench.store, { fixedAt: bench.time.now });
    bench.time.now += SECOND_MS;
    const [by] = await updated([AUTHENTICATION]);
    assert.deepEqual(await countsOf(bench.store, campaign), { 'all waiting': 1 });
    await updated([SIGNATURE], present(by, 'the new key'));
    assert.deepEqual(await countsOf(bench.store, campaign), { 'all confirmed': 1 });
  });

  it('is not taken from a card whose old certificates have all ended', async () => {
    const { id, fresh } = unwrap(await begin(old[0], [AUTHENTICATION]));
    await bench.revoke(old[0]);
    const abandoned = await abandonUnwritten(bench.world, CARD_MANAGEMENT, { cardTokenId: CARD, id });
    assert.ok(!abandoned.ok && 'rule' in abandoned.error && abandoned.error.rule === 'update-old-ended');
    const by = present(fresh[0], 'a new key');
    assert.equal(ruleOf(await tell('confirm', { by, id, onCard: fresh })), 'accepted');
  });

  it('is not that of an account whose scope has another certificate of the card only', async () => {
    const { id } = unwrap(await begin(old[0], [AUTHENTICATION]));
    const account = { ...CARD_MANAGEMENT, scope: { ...CARD_MANAGEMENT.scope, profiles: [SIGNATURE] } };
    const abandoned = await abandonUnwritten(bench.world, account, { cardTokenId: CARD, id });
    assert.deepEqual(abandoned.ok ? 'abandoned' : abandoned.error.kind, 'not-found');
    const page = { cardTokenId: CARD, state: null, before: null, limit: 10 };
    assert.deepEqual(unwrap(await listUpdatesOfCard(bench.world, account, page)).updates, []);
  });
});
