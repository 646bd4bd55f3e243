/**
 * Which key speaks for a card, and that it still may when its word takes effect. Without these
 * checks an old key would get certificates for ever, or a key that was revoked meanwhile would.
 */
import assert from 'node:assert/strict';
import { applicationsOf, type CardRequestBody } from '../../../src/http/api/card-request.js';
import { present } from '../../../src/kernel/assert.js';
import { formatInstant } from '../../../src/kernel/clock.js';
import { DAY_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { decideApproval } from '../../../src/operations/approvals/decide.js';
import { requestApproval } from '../../../src/operations/approvals/request.js';
import { issueCertificates } from '../../../src/operations/issuance/issue.js';
import { revokeCertificate } from '../../../src/operations/revocation/revoke.js';
import { abandonUnwritten } from '../../../src/operations/updates/abandon.js';
import { acceptStatement, type UpdateStatementVerb } from '../../../src/operations/updates/accept-statement.js';
import { beginUpdate } from '../../../src/operations/updates/begin.js';
import { decideUpdate } from '../../../src/operations/updates/decide.js';
import { workDueUpdates } from '../../../src/operations/updates/due.js';
import { listUpdatesOfCard, readUpdate } from '../../../src/operations/updates/read.js';
import type { World } from '../../../src/operations/world.js';
import type { Policy } from '../../../src/policy/model.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { Store } from '../../../src/ports/store.js';
import { assembleCertificate } from '../../../src/x509/certificate/certificate-writer.js';
import { countsOf, documentOf, openedCampaign } from '../../support/campaigns/stage.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, intent } from '../../support/db/records.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { setState } from '../../support/db/unaudited.js';
import { CARD_MANAGEMENT, createBench, type OrderBench } from '../../support/orders/order-bench.js';
import { fromPem, type HolderKey, makeCsr, makeKey } from '../../support/service/csr.js';
import { professional, tokenId } from '../../support/service/orders.js';
import { CAPABILITIES } from '../../support/updates/remote-card.js';
import { proofBy, sha256Of } from '../../support/updates/statements.js';
import { NOW, testPolicy } from '../../unit/policy/fixtures.js';

const CARD = tokenId(1);
const PLATFORM = '1'.repeat(64);
const [AUTHENTICATION, SIGNATURE] = ['fort/cps-authentication', 'fort/cps-signature'] as const;
const OFFICER = { ...CARD_MANAGEMENT, id: 'officer-1', roles: ['officer'] };

type CardKey = { readonly key: HolderKey; readonly record: CertificateRecord };

/** Old certificates end by themselves, and cards are updated at any time. */
function letEnd(): Policy {
  const policy = testPolicy();
  const profiles = new Map(
    [...policy.profiles].map(([id, profile]) => {
      const update = profile.update === null ? null : { ...profile.update, supersede: 'let-end' as const };
      return [id, { ...profile, update }];
    }),
  );
  return { ...policy, profiles, environment: { ...policy.environment, renewalAnyTime: true } };
}

describeOnEach('the key that speaks for a card', ({ opened }) => {
  let bench: OrderBench;
  let old: readonly [CardKey, CardKey];
  /** Whether the environment refuses cards that have ended and holders who are barred. */
  let refusesOpposed: boolean;

  beforeEach(async () => {
    refusesOpposed = false;
    const time = { now: NOW };
    bench = await createBench({ store: await opened({ clock: () => time.now }), time, policy: letEnd() });
    const keys = [makeKey(), makeKey()] as const;
    const body: CardRequestBody = {
      holder: professional(1) as unknown as CardRequestBody['holder'],
      card: { tokenId: CARD, product: 'cps' },
      identity: { assurance: 'high', source: 'PSI', reference: 'dossier-1', verifiedAt: '2026-02-01T10:00:00Z' },
      requests: [AUTHENTICATION, SIGNATURE].map((profile, at) => ({
        profile,
        csr: makeCsr(keys[at === 0 ? 0 : 1]),
        keyOrigin: 'card',
      })),
    };
    const command = { account: CARD_MANAGEMENT, applications: applicationsOf(body), idempotency: null };
    const issued = unwrap(await issueCertificates(bench.world, command));
    const certified = (at: 0 | 1): CardKey => ({ key: keys[at], record: present(issued[at], 'a certificate') });
    old = [certified(0), certified(1)];
  });

  const worldOf = (store: Store = bench.store) => {
    const { policy } = bench.world;
    const environment = { ...policy.environment, refusesOpposed };
    return { ...bench.world, store, policy: { ...policy, environment }, platformKey: { id: PLATFORM } };
  };
  const hashOf = ({ record }: CardKey): string => {
    const { signatureAlgorithm } = present(bench.world.issuers.byId(record.issuer) ?? undefined, 'its issuer');
    return sha256Of(
      assembleCertificate(record.tbs, signatureAlgorithm, present(record.signature ?? undefined, 'signed')),
    );
  };
  const proofOf = ({ key, record }: CardKey, members: object) => {
    const at = formatInstant(bench.time.now);
    const head = { form: 'pfcng-card-statement-1', environment: 'development', platform: PLATFORM, card: CARD, at };
    return proofBy(key.privateKey, { ...head, ...members }, record.id);
  };
  const begin = async (by: CardKey, profiles: readonly string[], store?: Store) => {
    const keys = profiles.map(() => makeKey());
    const requests = profiles.map((profile, at) => ({
      profile,
      csr: makeCsr(present(keys[at], 'a key')),
      keyOrigin: 'card' as const,
    }));
    const stated = requests.map(({ profile, csr }) => ({
      profile,
      csrSha256: sha256Of(present(fromPem(csr)[0], csr)),
    }));
    const begun = await beginUpdate(worldOf(store), {
      account: CARD_MANAGEMENT,
      cardTokenId: CARD,
      requests,
      identity: null,
      proof: proofOf(by, { verb: 'begin', requests: stated, onCard: [] }),
      capabilities: { ...CAPABILITIES },
      channel: 'none',
      reader: 'Reader 5',
      middleware: 'CryptoLib 5.1',
      route: 'begin',
      idempotency: null,
    });
    if (!begun.ok) return begun;
    const fresh = keys.map((key, at) => ({ key, record: present(begun.value.certificates[at], 'a certificate') }));
    return { ok: true, value: { id: begun.value.update.id, replaces: begun.value.update.oldIds, fresh } } as const;
  };
  const tell = (verb: UpdateStatementVerb, { by, id, onCard = [] }: CardWord, store?: Store) => {
    const proof = proofOf(by, { verb, update: id, onCard: onCard.map(hashOf) });
    return acceptStatement(worldOf(store), { account: CARD_MANAGEMENT, name: { cardTokenId: CARD, id }, verb, proof });
  };
  type CardWord = { readonly by: CardKey; readonly id: string; readonly onCard?: readonly CardKey[] };
  const ruleOf = (outcome: { readonly ok: boolean; readonly error?: unknown }): string => {
    type Refusal = {
      readonly violations?: readonly { readonly rule: string }[];
      readonly rule?: string;
      readonly reason?: string;
    };
    const { violations, rule, reason } = (outcome.error ?? {}) as Refusal;
    return outcome.ok ? 'accepted' : (violations?.[0]?.rule ?? rule ?? reason ?? JSON.stringify(outcome.error));
  };
  /** Does this after the statement was verified, and before it takes effect. */
  const justBefore = (change: () => Promise<unknown>): Store => {
    const { store } = bench;
    const groupedTransaction: Store['groupedTransaction'] = async (...work) => {
      await change();
      return store.groupedTransaction(...work);
    };
    return { ...store, groupedTransaction };
  };
  const revoking = ({ record }: CardKey): Store => {
    const command = { account: OFFICER, reason: 'keyCompromise', invalidityDate: null } as const;
    return justBefore(() => revokeCertificate(bench.world, record.id, command));
  };
  const updated = async (profiles: readonly string[], by: CardKey = old[0]): Promise<readonly CardKey[]> => {
    const { id, fresh } = unwrap(await begin(by, profiles));
    const authentication = fresh.find(({ record }) => record.profile === AUTHENTICATION) ?? by;
    unwrap(await tell('confirm', { by: authentication, id, onCard: fresh }));
    bench.time.now += 8 * DAY_MS;
    unwrap(await workDueUpdates(bench.world));
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
    const page = { cardTokenId: CARD, state: null, before: null, limit: 10 };
    assert.deepEqual(unwrap(await listUpdatesOfCard(bench.world, OFFICER, page)).updates, []);
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

  it('begins nothing for a card that has ended or a holder who is barred, also after it was verified', async () => {
    refusesOpposed = true;
    const { holderId } = old[0].record;
    const at = bench.time.now;
    const setHolder = (state: 'free' | 'barred') =>
      bench.store.transaction((tx) => tx.setHolderState(holderId, { state, at, actor: 'account:officer-1' }));
    const barred = await begin(
      old[0],
      [AUTHENTICATION],
      justBefore(() => setHolder('barred')),
    );
    assert.equal(ruleOf(barred), 'holder-barred');
    assert.equal(ruleOf(await begin(old[0], [AUTHENTICATION])), 'holder-barred');
    unwrap(await setHolder('free'));
    const facts = { tokenId: CARD, product: 'cps', holderId, profession: '10', reason: 'unspecified' };
    const oppose = () => bench.store.transaction((tx) => tx.endCards([{ ...facts, state: 'opposed' }], at));
    assert.equal(ruleOf(await begin(old[0], [AUTHENTICATION], justBefore(oppose))), 'card-opposed');
    assert.equal(ruleOf(await begin(old[0], [AUTHENTICATION])), 'card-opposed');
    const page = { cardTokenId: CARD, state: null, before: null, limit: 10 };
    assert.deepEqual(unwrap(await listUpdatesOfCard(bench.world, OFFICER, page)).updates, []);
  });

  it('contradicts two officers with an alarm, which is recorded once and changes nothing', async () => {
    const alarms: string[] = [];
    const { id, fresh } = unwrap(await begin(old[0], [AUTHENTICATION]));
    bench.time.now += 4 * DAY_MS;
    unwrap(await workDueUpdates(bench.world));
    const subject = { update: id, outcome: 'abandoned', reason: 'its holder was asked' } as const;
    const officers = ['officer-1', 'officer-2'] as const;
    unwrap(
      await bench.store.transaction(async (tx) => {
        const { execute } = unwrap(await decideUpdate.prepare(bench.world, tx, subject));
        await execute({ approval: 'of-both', officers, now: bench.time.now, at: bench.time.now });
      }),
    );
    const log = { ...bench.world.log, error: (event: string) => void alarms.push(event) };
    const by = present(fresh[0], 'a new key');
    for (let time = 1; time <= 2; time += 1) {
      const proof = proofOf(by, { verb: 'confirm', update: id, onCard: fresh.map(hashOf) });
      const command = { account: CARD_MANAGEMENT, name: { cardTokenId: CARD, id }, verb: 'confirm', proof } as const;
      assert.equal(ruleOf(await acceptStatement({ ...worldOf(), log }, command)), 'update-contradicted');
    }
    assert.deepEqual(alarms, ['update.contradicted']);
    const entries = (await storedAudit(bench.store)).filter(({ type }) => type === 'update.contradicted');
    assert.equal(entries.length, 1);
    const { update, certificates } = unwrap(await readUpdate(bench.world, OFFICER, { cardTokenId: CARD, id }));
    assert.deepEqual([update.state, certificates[0]?.state.status], ['abandoned', 'revoked']);
  });

  it('is withdrawn by two officers, though the result of the commit is lost', async () => {
    const { id } = unwrap(await begin(old[0], [AUTHENTICATION]));
    bench.time.now += 4 * DAY_MS;
    unwrap(await workDueUpdates(bench.world));
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
    const command = { account: OFFICER, reason: 'superseded', invalidityDate: null } as const;
    unwrap(await revokeCertificate(bench.world, old[0].record.id, command));
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
