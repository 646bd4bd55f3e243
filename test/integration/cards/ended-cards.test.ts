/**
 * Cards that have ended and holders who are barred, against every way to a certificate. Without it,
 * a stolen card could get new certificates by the one way that forgot to ask.
 */
import assert from 'node:assert/strict';
import { applicationsOf, type CardRequestBody } from '../../../src/http/api/card-request.js';
import { present } from '../../../src/kernel/assert.js';
import { readCard, readHolder } from '../../../src/operations/cards/read-cards.js';
import { replaceCard } from '../../../src/operations/cards/replace-card.js';
import { reportCapabilities } from '../../../src/operations/cards/report-capabilities.js';
import { issueCertificates } from '../../../src/operations/issuance/issue.js';
import { recoverIntents } from '../../../src/operations/issuance/recover.js';
import { renewCertificate } from '../../../src/operations/issuance/renew.js';
import { RESERVE_INTENTS } from '../../../src/operations/issuance/reserve.js';
import { revokeCertificate } from '../../../src/operations/revocation/revoke.js';
import { revokeCard, revokeHolder } from '../../../src/operations/revocation/revoke-all.js';
import type { World } from '../../../src/operations/world.js';
import type { RevocationReason } from '../../../src/ports/store/statuses.js';
import type { Store } from '../../../src/ports/store.js';
import { countsOf, openedCampaign } from '../../support/campaigns/stage.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import {
  CARD_MANAGEMENT,
  createBench,
  linesOf,
  type OrderBench,
  resultOf,
  submit,
  workUntilDone,
} from '../../support/orders/order-bench.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { professional, professionalId, tokenId } from '../../support/service/orders.js';
import { testPolicy } from '../../unit/policy/fixtures.js';

const OFFICER = { ...CARD_MANAGEMENT, id: 'officer-1', roles: ['officer'] };
const PROFILES = ['fort/cps-authentication', 'fort/cps-signature'] as const;
const UNCHANGED = { notBefore: null, notAfter: null } as const;

type Failure = { readonly kind: string; readonly rule?: string };

/** The rule of a refusal, or `issued`. */
function ruleOf(outcome: { readonly ok: true } | { readonly ok: false; readonly error: Failure }): string {
  return outcome.ok ? 'issued' : (outcome.error.rule ?? outcome.error.kind);
}

/** A card `number` of the holder `holder` with so many certificates, on new keys. */
function cardOf(number: number, holder: number, certificates = 1): CardRequestBody {
  const requests = PROFILES.slice(0, certificates).map((profile) => ({ profile, csr: makeCsr(makeKey()) }));
  return {
    holder: professional(holder) as unknown as CardRequestBody['holder'],
    card: { tokenId: tokenId(number), product: 'cps' },
    identity: { assurance: 'high', source: 'PSI', reference: 'dossier-1', verifiedAt: '2026-02-01T10:00:00Z' },
    requests: requests.map((request) => ({ ...request, keyOrigin: 'card' as const })),
  };
}

const issue = (world: World, body: CardRequestBody) =>
  issueCertificates(world, {
    account: CARD_MANAGEMENT,
    applications: applicationsOf(body),
    idempotency: null,
  });

const revocation = (reason: RevocationReason) => ({ account: OFFICER, reason, invalidityDate: null }) as const;

describeOnEach('a card that has ended, and a holder who is barred', ({ opened }) => {
  const policy = testPolicy();
  const refusing = { ...policy, environment: { ...policy.environment, refusesOpposed: true } };
  let bench: OrderBench;
  let world: World;

  beforeEach(async () => {
    bench = await createBench({ store: await opened(), policy: refusing });
    world = bench.world;
  });

  /** Tries every way to a certificate for this card and holder. `renewed`: an issued one. */
  async function everyWay(number: number, holder: number, renewed: string): Promise<readonly string[]> {
    const single = ruleOf(await issue(world, cardOf(number, holder)));
    const whole = ruleOf(await issue(world, cardOf(number, holder, 2)));
    const id = await submit(bench, [cardOf(number, holder)]);
    await workUntilDone(bench, id);
    const [line] = await linesOf(bench, id);
    const { problem } = resultOf(present(line, 'the line of the order'));
    const csr = makeCsr(makeKey());
    const command = { account: CARD_MANAGEMENT, csr, identity: null, keyOrigin: 'card', validity: UNCHANGED } as const;
    const renewal = ruleOf(await renewCertificate(world, renewed, { ...command, idempotency: null }));
    return [single, whole, String((problem as Failure | undefined)?.rule), renewal];
  }

  for (const [reason, rule] of [
    ['keyCompromise', 'card-opposed'],
    ['unspecified', 'card-opposed'],
    ['cessationOfOperation', 'card-returned'],
  ] as const)
    it(`gets nothing after its revocation for ${reason}: ${rule}`, async () => {
      unwrap(await issue(world, cardOf(1, 1, 2)));
      unwrap(await revokeCard(world, tokenId(1), revocation(reason)));
      // A revoked certificate is not renewed anyway, so the one to be renewed is on a card whose
      // end has left it alone.
      const [kept] = unwrap(await issue(world, cardOf(4, 4)));
      const state = rule === 'card-opposed' ? 'opposed' : 'returned';
      const facts = { product: 'cps', holderId: professionalId(4), profession: '10' } as const;
      const ended = { ...facts, tokenId: tokenId(4), state, reason } as const;
      unwrap(await bench.store.transaction((tx) => tx.endCards([ended], bench.time.now)));
      const id = present(kept, 'the certificate that stays').id;
      assert.deepEqual(await everyWay(1, 1, id), Array(4).fill(rule));
      const replaced = await replaceCard(world, tokenId(1), { account: CARD_MANAGEMENT, by: tokenId(2), overlapMs: 0 });
      assert.equal(ruleOf(replaced), rule);
      const { card } = unwrap(await readCard(world, OFFICER, tokenId(1)));
      assert.deepEqual([card.state, card.reason], [rule.slice('card-'.length), reason]);
      assert.deepEqual(ruleOf(await issue(world, cardOf(3, 1))), 'issued');
    });

  it('is ended only by an account that may revoke every live certificate on it', async () => {
    const [, signing] = unwrap(await issue(world, cardOf(1, 1, 2)));
    const account = { ...OFFICER, scope: { ...OFFICER.scope, profiles: ['fort/cps-authentication'] } };
    const attempt = () => revokeCard(world, tokenId(1), { ...revocation('keyCompromise'), account });
    const refused = await attempt();
    assert.equal(refused.ok ? 'revoked' : refused.error.kind, 'not-permitted');
    assert.equal(ruleOf(refused), 'profile-in-scope');
    const kept = unwrap(await readCard(world, OFFICER, tokenId(1)));
    assert.deepEqual(
      [kept.card.state, ...kept.certificates.map(({ state }) => state.status)],
      ['in-use', 'issued', 'issued'],
    );
    unwrap(await revokeCertificate(world, present(signing, 'a certificate').id, revocation('superseded')));
    assert.equal(unwrap(await attempt()).length, 1);
    assert.equal(unwrap(await readCard(world, OFFICER, tokenId(1))).card.state, 'opposed');
  });

  it('is the holder of certificates that the account may all revoke, or the holder is not barred', async () => {
    unwrap(await issue(world, cardOf(1, 1, 2)));
    const account = { ...OFFICER, scope: { ...OFFICER.scope, profiles: ['fort/cps-authentication'] } };
    const part = (reason: RevocationReason) =>
      revokeHolder(world, professionalId(1), { ...revocation(reason), account });
    assert.equal(ruleOf(await part('privilegeWithdrawn')), 'profile-in-scope');
    const kept = unwrap(await readHolder(world, OFFICER, professionalId(1)));
    assert.deepEqual(
      [kept.record, ...kept.cards.flatMap(({ certificates }) => certificates.map(({ state }) => state.status))],
      [null, 'issued', 'issued'],
    );
    assert.equal(unwrap(await part('affiliationChanged')).length, 1, 'another reason bars nobody');
    unwrap(await revokeHolder(world, professionalId(1), revocation('privilegeWithdrawn')));
    assert.equal(unwrap(await readHolder(world, OFFICER, professionalId(1))).record?.state, 'barred');
  });

  it('gets nothing as the new card of a replacement, and nothing is said of its capabilities', async () => {
    unwrap(await issue(world, cardOf(1, 1)));
    unwrap(await issue(world, cardOf(2, 1)));
    unwrap(await revokeCard(world, tokenId(2), revocation('unspecified')));
    const replacement = { account: CARD_MANAGEMENT, by: tokenId(2), overlapMs: 0 };
    assert.equal(ruleOf(await replaceCard(world, tokenId(1), replacement)), 'card-opposed');
    const capabilities = { generation: 'cps4', applet: '4.1.0', keyTypes: ['p-256'], spareContainers: 2 };
    const reported = await reportCapabilities(world, tokenId(2), { account: CARD_MANAGEMENT, capabilities });
    assert.equal(ruleOf(reported), 'card-opposed');
  });

  it('gets nothing while the holder is barred, on any card', async () => {
    unwrap(await issue(world, cardOf(1, 1)));
    unwrap(await issue(world, cardOf(4, 2)));
    unwrap(await revokeHolder(world, professionalId(1), revocation('privilegeWithdrawn')));
    // A revoked certificate is not renewed anyway, so the one to be renewed is that of a holder who
    // was barred without a revocation.
    const [kept] = unwrap(await issue(world, cardOf(6, 6)));
    const bar = { state: 'barred', at: bench.time.now, actor: 'account:officer-1' } as const;
    unwrap(await bench.store.transaction((tx) => tx.setHolderState(professionalId(6), bar)));
    assert.deepEqual(await everyWay(1, 1, present(kept, 'a certificate').id), Array(4).fill('holder-barred'));
    assert.equal(ruleOf(await issue(world, cardOf(5, 1))), 'holder-barred');
    assert.equal(ruleOf(await issue(world, cardOf(4, 2))), 'issued');
    const replacement = { account: CARD_MANAGEMENT, by: tokenId(5), overlapMs: 0 };
    assert.equal(ruleOf(await replaceCard(world, tokenId(1), replacement)), 'holder-barred');
    const { record, cards } = unwrap(await readHolder(world, OFFICER, professionalId(1)));
    assert.deepEqual([record?.state, record?.actor, cards.length], ['barred', 'account:officer-1', 1]);
  });

  it('is gone from its campaigns when none of its certificates is left', async () => {
    const [first, second] = unwrap(await issue(world, cardOf(1, 1, 2)));
    unwrap(await issue(world, cardOf(2, 2, 2)));
    unwrap(await issue(world, cardOf(3, 3)));
    const { id } = await openedCampaign(bench.store, { fixedAt: bench.time.now });
    const revoke = async (record: { readonly id: string } | undefined) =>
      unwrap(await revokeCertificate(world, present(record, 'a certificate').id, revocation('superseded')));
    await revoke(first);
    assert.deepEqual(await countsOf(bench.store, id), { 'all waiting': 3 });
    await revoke(second);
    assert.deepEqual(await countsOf(bench.store, id), { 'all gone': 1, 'all waiting': 2 });
    unwrap(await revokeHolder(world, professionalId(2), revocation('privilegeWithdrawn')));
    assert.deepEqual(await countsOf(bench.store, id), { 'all gone': 2, 'all waiting': 1 });
    unwrap(await revokeCard(world, tokenId(3), revocation('superseded')));
    assert.deepEqual(await countsOf(bench.store, id), { 'all gone': 3 });
  });

  it('stays in use after the revocation of one certificate, or of all as superseded', async () => {
    const [one] = unwrap(await issue(world, cardOf(1, 1)));
    unwrap(await revokeCertificate(world, present(one, 'a certificate').id, revocation('keyCompromise')));
    assert.equal(ruleOf(await issue(world, cardOf(1, 1))), 'issued');
    unwrap(await revokeCard(world, tokenId(1), revocation('superseded')));
    assert.equal(ruleOf(await issue(world, cardOf(1, 1))), 'issued');
  });

  it('is reported twice without a second entry or event, and keeps its first end', async () => {
    unwrap(await issue(world, cardOf(1, 1)));
    unwrap(await revokeCard(world, tokenId(1), revocation('cessationOfOperation')));
    unwrap(await revokeCard(world, tokenId(1), revocation('keyCompromise')));
    const { card } = unwrap(await readCard(world, OFFICER, tokenId(1)));
    assert.deepEqual([card.state, card.reason, card.version], ['returned', 'cessationOfOperation', 2]);
  });

  it('gets nothing if it ends, or the holder is barred, between the check and the reservation', async () => {
    /** Does this at the last moment before the transaction that reserves. */
    const justBefore = (work: () => Promise<unknown>): World => {
      const groupedTransaction: Store['groupedTransaction'] = async (grouped, item, priority) => {
        if ((grouped as unknown) === RESERVE_INTENTS) await work();
        return bench.store.groupedTransaction(grouped, item, priority);
      };
      return { ...world, store: { ...bench.store, groupedTransaction } };
    };
    unwrap(await issue(world, cardOf(1, 1)));
    const opposing = justBefore(() => revokeCard(world, tokenId(1), revocation('unspecified')));
    assert.equal(ruleOf(await issue(opposing, cardOf(1, 1))), 'card-opposed');
    unwrap(await issue(world, cardOf(2, 2)));
    const barring = justBefore(() => revokeHolder(world, professionalId(2), revocation('privilegeWithdrawn')));
    assert.equal(ruleOf(await issue(barring, cardOf(2, 2))), 'holder-barred');
  });

  it('gets nothing from the recovery of what was open when it ended', async () => {
    const claim = { account: CARD_MANAGEMENT.id, route: 'POST /v1/cards/{tokenId}/certificates', key: 'open' };
    bench.hooks.beforeSignature = async () => void bench.away.add('aci-fo-pp');
    const applications = applicationsOf(cardOf(1, 1, 2));
    const idempotency = { claim, bodySha256: 'b'.repeat(64) };
    const open = await issueCertificates(world, { account: CARD_MANAGEMENT, applications, idempotency });
    assert.equal(ruleOf(open), 'signer-unavailable');
    const ended = { tokenId: tokenId(1), product: 'cps', holderId: professionalId(1), profession: '10' } as const;
    const opposed = { ...ended, state: 'opposed', reason: 'unspecified' } as const;
    unwrap(await bench.store.transaction((tx) => tx.endCards([opposed], bench.time.now)));
    bench.away.clear();
    bench.hooks.beforeSignature = async () => undefined;
    const { abandoned, finished } = unwrap(await recoverIntents(world, 'own'));
    assert.deepEqual([abandoned, finished], [2, 0]);
  });

  it('is used again in development, whose documentation has one card', async () => {
    const lenient = { ...world, policy };
    unwrap(await issue(lenient, cardOf(1, 1)));
    unwrap(await revokeCard(lenient, tokenId(1), revocation('keyCompromise')));
    unwrap(await revokeHolder(lenient, professionalId(1), revocation('privilegeWithdrawn')));
    assert.equal(ruleOf(await issue(lenient, cardOf(1, 1))), 'issued');
    assert.equal(unwrap(await readCard(lenient, OFFICER, tokenId(1))).card.state, 'in-use');
  });
});
