/**
 * What a card says of its update when it holds a foreign certificate, when the update has ended
 * already, or when its key proves nothing any more. Without these tests a desk would not see the
 * card, an accepted statement would be lost, or a stolen key would be heard.
 */
import assert from 'node:assert/strict';
import { present } from '../../../src/kernel/assert.js';
import { DAY_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { pendingOf } from '../../../src/operations/campaigns/pending.js';
import { recoverIntents } from '../../../src/operations/issuance/recover.js';
import { abandonUnwritten } from '../../../src/operations/updates/abandon.js';
import { listUpdatesOfCard, readUpdate } from '../../../src/operations/updates/read.js';
import type { BlockedKeys } from '../../../src/x509/keys/blocked-keys.js';
import { countsOf, openedCampaign } from '../../support/campaigns/stage.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, intent } from '../../support/db/records.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { setState } from '../../support/db/unaudited.js';
import { CARD_MANAGEMENT } from '../../support/orders/order-bench.js';
import { tokenId } from '../../support/service/orders.js';
import {
  AUTHENTICATION,
  anyTimePolicy,
  CARD,
  type CardKey,
  createUpdateBench,
  OFFICER,
  ruleOf,
  SIGNATURE,
  type UpdateBench,
} from '../../support/updates/update-bench.js';

const BOTH = [AUTHENTICATION, SIGNATURE] as const;
const FOREIGN = ['f'.repeat(64)];
const ACTOR = { at: 0, actor: 'account:officer-1' } as const;

describeOnEach('the statement of a card about its update', ({ opened }) => {
  let bench: UpdateBench;
  let old: readonly [CardKey, CardKey];
  beforeEach(async () => {
    bench = await createUpdateBench(opened, anyTimePolicy('revoke'));
    old = await bench.issueSet();
  });

  /** `by`: the new key that confirms. */
  const begun = async () => {
    const { id, fresh } = unwrap(await bench.begin(old[0], BOTH));
    return { id, fresh, by: present(fresh[0], 'a new key') };
  };
  type OpenUpdate = Awaited<ReturnType<typeof begun>>;
  const confirm = ({ id, fresh, by }: OpenUpdate, foreign: readonly string[] = []) =>
    bench.tell('confirm', { by, id, onCard: [...old, ...fresh], foreign });
  const abandon = ({ id }: Pick<OpenUpdate, 'id'>, foreign: readonly string[] = []) =>
    bench.tell('abandon', { by: old[0], id, onCard: old, foreign });
  const read = async ({ id }: Pick<OpenUpdate, 'id'>) =>
    unwrap(await readUpdate(bench.world, OFFICER, { cardTokenId: CARD, id }));
  const stateOf = async (one: Pick<OpenUpdate, 'id'>) => (await read(one)).update.state;
  const kept = async ({ id }: Pick<OpenUpdate, 'id'>) =>
    unwrap(await bench.store.read((reads) => reads.proofsOfUpdate(id)))
      .map(({ verb }) => verb)
      .sort();
  const pending = async () => {
    const { next, update, deskReason } = unwrap(await pendingOf(bench.world, CARD));
    return { next, update, deskReason };
  };

  for (const [verb, tell] of [
    ['confirm', confirm],
    ['abandon', abandon],
  ] as const)
    it(`sends the card to a desk if it holds a foreign certificate: ${verb}`, async () => {
      const { id: campaign } = await openedCampaign(bench.store, { fixedAt: bench.time.now });
      bench.time.now += SECOND_MS;
      const one = await begun();
      for (let time = 1; time <= 2; time += 1) assert.equal(ruleOf(await tell(one, FOREIGN)), 'unknown-certificate');
      assert.deepEqual(await countsOf(bench.store, campaign), { 'all to-desk unknown-certificate': 1 });
      const entries = (await storedAudit(bench.store)).filter(({ type }) => type === 'campaign.card-to-desk');
      assert.deepEqual(
        entries.map(({ actor, details: { id, reason } }) => [actor, id, reason]),
        [['account:card-management', campaign, 'unknown-certificate']],
      );
      const events = unwrap(await bench.store.read((reads) => reads.eventsAfter({ after: 0, limit: 20 })));
      assert.equal(events.filter(({ topic }) => topic === 'card.to-desk').length, 1);
      assert.equal(await stateOf(one), 'offered');
      assert.deepEqual(await kept(one), ['begin']);
      assert.deepEqual(await pending(), { next: 'desk', update: one.id, deskReason: 'unknown-certificate' });
      // The desk uses the same call.
      assert.equal(ruleOf(await confirm(one)), 'accepted');
      assert.deepEqual(await countsOf(bench.store, campaign), { 'all confirmed': 1 });
    });

  it('is told that the update has ended otherwise, whatever the card holds', async () => {
    const abandoned = await begun();
    assert.equal(ruleOf(await abandon(abandoned)), 'accepted');
    const revoked = await begun();
    for (const key of revoked.fresh) await bench.revoke(key);
    assert.equal(await stateOf(revoked), 'ended');
    assert.equal(ruleOf(await abandon(revoked)), 'update-ended');
    const { id: campaign } = await openedCampaign(bench.store, { fixedAt: bench.time.now });
    for (const one of [abandoned, revoked])
      for (const onCard of [one.fresh, one.fresh.slice(1), []])
        for (const foreign of [[], FOREIGN])
          assert.equal(ruleOf(await bench.tell('confirm', { ...one, onCard, foreign })), 'update-ended');
    // A key that the end has revoked sends no card to a desk.
    assert.deepEqual(await countsOf(bench.store, campaign), { 'all waiting': 1 });
    assert.deepEqual([await kept(abandoned), await kept(revoked)], [['abandon', 'begin'], ['begin']]);
  });

  it('is told so after the overlap too, by the key that it has revoked', async () => {
    const one = await begun();
    assert.equal(ruleOf(await confirm(one)), 'accepted');
    assert.equal(ruleOf(await abandon(one)), 'update-ended');
    await bench.pass(8 * DAY_MS);
    assert.equal(await stateOf(one), 'completed');
    assert.equal(ruleOf(await abandon(one)), 'update-ended');
    assert.equal(ruleOf(await confirm(one)), 'accepted');
    assert.deepEqual(await kept(one), ['begin', 'confirm']);
  });

  it('is not heard of a key that was compromised, also after the end', async () => {
    const one = await begun();
    await bench.revoke(one.by, 'keyCompromise');
    assert.equal(ruleOf(await confirm(one)), 'certificate-not-revoked');
    assert.equal(ruleOf(await abandon(one)), 'accepted');
    assert.equal(ruleOf(await confirm(one)), 'key-not-compromised');
  });

  it('is told that an update has failed whose certificates were given up', async () => {
    bench.hooks.beforeSignature = async () => void bench.away.add(old[0].record.issuer);
    const open = await bench.begin(old[0], BOTH);
    assert.equal(open.ok ? 'begun' : open.error.kind, 'signer-unavailable');
    const page = { cardTokenId: CARD, state: null, before: null, limit: 10 };
    const [update] = unwrap(await listUpdatesOfCard(bench.world, OFFICER, page)).updates;
    const { id } = present(update, 'an update');
    assert.equal(ruleOf(await abandon({ id })), 'update-issuing');
    const intents = unwrap(await bench.store.read((reads) => reads.openIntents({ run: bench.world.run, limit: 1 })));
    const { spkiSha256 } = present(intents[0], 'an intent');
    const block = { spkiSha256, at: bench.time.now, actor: ACTOR.actor, reason: 'leaked' };
    unwrap(await bench.store.transaction((tx) => tx.insertBlockedKey(block)));
    bench.away.clear();
    bench.hooks.beforeSignature = async () => undefined;
    unwrap(await recoverIntents(bench.world, 'own'));
    assert.equal(await stateOf({ id }), 'failed');
    assert.equal(ruleOf(await abandon({ id })), 'update-ended');
  });

  it('is kept once if it agrees with what ended the update, whoever that was', async () => {
    const written = await begun();
    const name = { cardTokenId: CARD, id: written.id };
    unwrap(await abandonUnwritten(bench.world, CARD_MANAGEMENT, name));
    const decided = await begun();
    await bench.decide(decided.id, 'abandoned');
    for (const one of [written, decided]) {
      for (let time = 1; time <= 2; time += 1) assert.equal(ruleOf(await abandon(one)), 'accepted');
      assert.deepEqual(await kept(one), ['abandon', 'begin']);
    }
    const last = await begun();
    await bench.pass(4 * DAY_MS);
    for (const key of old) await bench.revoke(key);
    assert.equal(await stateOf(last), 'confirmed');
    for (let time = 1; time <= 2; time += 1) assert.equal(ruleOf(await confirm(last)), 'accepted');
    assert.deepEqual(await kept(last), ['begin', 'confirm']);
  });

  /** Ways in which a key comes to prove nothing. */
  type KeyFault = { readonly rule: string; readonly blockedKeys?: BlockedKeys };
  const SPOILS: Readonly<Record<string, (keys: readonly CardKey[]) => Promise<KeyFault>>> = {
    'with another certificate that was revoked for compromise': async (keys) => {
      for (const [at, { record }] of keys.entries()) {
        const { spkiSha256, profile, holderId } = record;
        const other = { ...intent(9_000 + at, { spkiSha256, profile, cardTokenId: tokenId(2) }), holderId };
        const revoked = {
          status: 'revoked',
          at: bench.time.now,
          reason: 'keyCompromise',
          invalidityDate: null,
        } as const;
        unwrap(
          await bench.store.transaction(async (tx) => {
            await certify(tx, other);
            await setState(tx, other.id, [revoked, { ...ACTOR, at: bench.time.now }]);
          }),
        );
      }
      return { rule: 'key-not-compromised' };
    },
    'that an officer has blocked': async (keys) => {
      for (const { record } of keys) {
        const block = { spkiSha256: record.spkiSha256, at: bench.time.now, actor: ACTOR.actor, reason: 'leaked' };
        unwrap(await bench.store.transaction((tx) => tx.insertBlockedKey(block)));
      }
      return { rule: 'key-not-compromised' };
    },
    'of a list of blocked keys': async (keys) => {
      const hashes = keys.map(({ record }) => record.spkiSha256);
      return { rule: 'key-not-compromised', blockedKeys: { has: (one) => hashes.includes(one), size: 1 } };
    },
    'whose issuer is revoked': async () => {
      const issuer = old[0].record.issuer as never;
      const row = { issuer, reason: 'keyCompromise', listNumber: 2, at: bench.time.now };
      unwrap(await bench.store.transaction((tx) => tx.insertRevokedIssuers([row])));
      return { rule: 'issuer-not-revoked' };
    },
  };
  for (const [name, spoil] of Object.entries(SPOILS))
    it(`is not heard of a key ${name}`, async () => {
      const one = await begun();
      const { rule, ...changed } = await spoil([old[0], one.by]);
      const [confirming, abandoning] = [
        { ...one, onCard: one.fresh },
        { ...one, by: old[0] },
      ];
      assert.equal(ruleOf(await bench.tell('confirm', confirming, changed)), rule);
      assert.equal(ruleOf(await bench.tell('abandon', abandoning, changed)), rule);
      assert.equal(await stateOf(one), 'offered');
      unwrap(await abandonUnwritten(bench.world, CARD_MANAGEMENT, { cardTokenId: CARD, id: one.id }));
      assert.equal(ruleOf(await bench.begin(old[0], BOTH, changed)), rule);
    });
});
