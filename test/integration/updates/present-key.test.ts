/**
 * Which key speaks for a card, and that it still may when its word takes effect. Without these
 * checks an old key would get certificates for ever, or a key that was revoked meanwhile would.
 */
import assert from 'node:assert/strict';
import { applicationsOf, type CardBody } from '../../../src/http/api/card-request.js';
import { present } from '../../../src/kernel/assert.js';
import { formatInstant } from '../../../src/kernel/clock.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { issueCertificates } from '../../../src/operations/issuance/issue.js';
import { revokeCertificate } from '../../../src/operations/revocation/revoke.js';
import { abandonUnwritten } from '../../../src/operations/updates/abandon.js';
import { beginUpdate } from '../../../src/operations/updates/begin.js';
import { workDueUpdates } from '../../../src/operations/updates/due.js';
import { hearCard, type WordVerb } from '../../../src/operations/updates/hear-card.js';
import { listUpdatesOfCard } from '../../../src/operations/updates/read.js';
import type { Policy } from '../../../src/policy/model.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { Store } from '../../../src/ports/store.js';
import { assembleCertificate } from '../../../src/x509/certificate/certificate-writer.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
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

  beforeEach(async () => {
    const time = { now: NOW };
    bench = await createBench({ store: await opened({ clock: () => time.now }), time, policy: letEnd() });
    const keys = [makeKey(), makeKey()] as const;
    const body: CardBody = {
      holder: professional(1) as unknown as CardBody['holder'],
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

  const worldOf = (store: Store = bench.store) => ({ ...bench.world, store, platformKey: { id: PLATFORM } });
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
  const tell = (verb: WordVerb, { by, id, onCard = [] }: CardWord, store?: Store) => {
    const proof = proofOf(by, { verb, update: id, onCard: onCard.map(hashOf) });
    return hearCard(worldOf(store), { account: CARD_MANAGEMENT, name: { cardTokenId: CARD, id }, verb, proof });
  };
  type CardWord = { readonly by: CardKey; readonly id: string; readonly onCard?: readonly CardKey[] };
  const ruleOf = (outcome: { readonly ok: boolean; readonly error?: unknown }): string => {
    const { violations } = (outcome.error ?? {}) as { readonly violations?: readonly { readonly rule: string }[] };
    return outcome.ok ? 'accepted' : (violations?.[0]?.rule ?? JSON.stringify(outcome.error));
  };
  /** Revokes a certificate after the word was verified, and before it takes effect. */
  const revoking = ({ record }: CardKey): Store => {
    const { store } = bench;
    const groupedTransaction: Store['groupedTransaction'] = async (...work) => {
      const command = { account: OFFICER, reason: 'keyCompromise', invalidityDate: null } as const;
      await revokeCertificate(bench.world, record.id, command);
      return store.groupedTransaction(...work);
    };
    return { ...store, groupedTransaction };
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
