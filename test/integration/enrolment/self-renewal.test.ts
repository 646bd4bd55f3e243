/**
 * A certificate that renews itself. Without these guards an account could lose its access by its
 * own renewal, or a stolen key could get several certificates before anybody notices.
 */
import assert from 'node:assert/strict';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import type { SelfPrincipal } from '../../../src/access/principal.js';
import { OID } from '../../../src/asn1/oids.js';
import { present } from '../../../src/kernel/assert.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { ok } from '../../../src/kernel/result.js';
import { renewSelf } from '../../../src/operations/enrolment/renew-self.js';
import { issueCertificates } from '../../../src/operations/issuance/issue.js';
import { STORE_SIGNATURES } from '../../../src/operations/issuance/store-signatures.js';
import { revokeCertificate } from '../../../src/operations/revocation/revoke.js';
import type { World } from '../../../src/operations/world.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { ClaimRequest } from '../../../src/ports/store/idempotency.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { intent, NOW } from '../../support/db/records.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { insertIntents } from '../../support/db/unaudited.js';
import { askedBy } from '../../support/enrolment/asked.js';
import { superseding } from '../../support/enrolment/superseding.js';
import { CARD_MANAGEMENT, createBench, type OrderBench, recoverOwn } from '../../support/orders/order-bench.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { testPolicy } from '../../unit/policy/fixtures.js';

const STRUCTURE = { id: '10B0057881', name: 'CABINET M DOC0057881', department: 'Paris (75)' };
const ORDER = {
  profile: 'elementaire/org-auth-cli',
  holder: { kind: 'organisation', application: 'RENEWING', structure: STRUCTURE },
  card: null,
  identity: null,
  keyOrigin: 'software',
  validity: { notBefore: null, notAfter: null },
} as const;

const credentialOf = ({ issuer, spkiSha256 }: CertificateRecord) => ({ issuer, spkiSha256 });

function principalOf({ id, issuer, serial, profile, cardTokenId }: CertificateRecord): SelfPrincipal {
  const certificate = { id, issuer, serial, profile, cardTokenId, isForAuthentication: true };
  return { kind: 'self', via: 'est', certificate: { ...certificate, selfService: ['renew-self'] } };
}

const renew = async (world: World, old: CertificateRecord, claim: ClaimRequest | null = null) => {
  const asked = await askedBy(makeCsr(makeKey()));
  const renewed = await renewSelf(world, { principal: principalOf(old), ...asked, claim });
  return renewed.ok ? ok(renewed.value.record) : renewed;
};

/** An account that authenticates with one certificate of its own. */
async function withCredential({ store, world }: OrderBench): Promise<CertificateRecord> {
  const applications = [{ order: ORDER, csr: makeCsr(makeKey()), pointer: '' }];
  const issued = await issueCertificates(world, { account: CARD_MANAGEMENT, applications, idempotency: null });
  const old = present(unwrap(issued)[0], 'a certificate');
  const account = { ...CARD_MANAGEMENT, credentials: [credentialOf(old)] };
  unwrap(await store.transaction((tx) => tx.updateAccount(account)));
  return old;
}

async function credentials(store: Store) {
  const accounts = unwrap(await store.read((reads) => reads.accounts()));
  return present(
    accounts.find(({ id }) => id === CARD_MANAGEMENT.id),
    'the account',
  ).credentials;
}

async function stateOf(store: Store, { id }: CertificateRecord) {
  const found = unwrap(await store.read((reads) => reads.certificateById(id)));
  return present(found ?? undefined, 'a record').state;
}

describeOnEach('a certificate that renews itself', ({ opened, fresh }) => {
  it('makes its new key a credential of its account at once, and the old one stays until its end', async () => {
    const time = { now: NOW };
    const bench = await createBench({ store: await opened({ clock: () => time.now }), time });
    const { store, world } = bench;
    const old = await withCredential(bench);
    time.now += DAY_MS;
    const renewed = unwrap(await renew(world, old));
    assert.deepEqual(
      [renewed.renews, renewed.selfRenewal, renewed.accountId, renewed.holder, renewed.keyOrigin],
      [old.id, true, old.accountId, old.holder, 'software'],
    );
    for (const one of [old, renewed]) {
      const found = await store.read((reads) => reads.accountByCredential(one.issuer, one.spkiSha256));
      assert.equal(unwrap(found)?.id, CARD_MANAGEMENT.id);
    }
    const entries = await storedAudit(store);
    const entry = present(
      entries.find(({ type }) => type === 'account.credential-renewed'),
      'an entry',
    );
    assert.equal(entry.actor, `certificate:${old.issuer}/${old.serial}`);
    assert.deepEqual([entry.details.account, entry.details.new], [CARD_MANAGEMENT.id, credentialOf(renewed)]);
    const intents = entries.filter(({ type }) => type === 'certificate.intent');
    assert.equal(intents.at(-1)?.actor, entry.actor);
    time.now = old.notAfter + 1;
    const last = unwrap(await renew(world, renewed));
    const kept = (await credentials(store)).map(({ spkiSha256 }) => spkiSha256);
    assert.deepEqual(new Set(kept), new Set([renewed.spkiSha256, last.spkiSha256]));
  });

  it('is revoked as superseded with its renewal where its profile says so, also when recovery finishes it', async () => {
    const bench = await createBench({ store: await opened(), policy: superseding(testPolicy()) });
    const changed: string[] = [];
    const world: World = {
      ...bench.world,
      statusChanged: (changes) => void changed.push(...changes.map(({ serial }) => serial)),
    };
    for (const isAway of [false, true]) {
      const old = await withCredential(bench);
      if (isAway) bench.hooks.beforeSignature = async () => void bench.away.add(old.issuer);
      const renewed = await renew(world, old, {
        claim: { account: 'self', route: 'est', key: old.id },
        bodySha256: old.id,
      });
      assert.equal(renewed.ok, !isAway);
      if (isAway) {
        assert.deepEqual(await stateOf(bench.store, old), { status: 'issued' });
        bench.hooks.beforeSignature = async () => undefined;
        bench.away.clear();
        await recoverOwn({ ...bench, world: { ...bench.world, ...world } });
      }
      const state = await stateOf(bench.store, old);
      assert.deepEqual([state.status, state.status === 'revoked' && state.reason], ['revoked', 'superseded']);
      assert.ok(changed.includes(old.serial), 'cached responses are withdrawn');
      const again = await renew(world, old);
      assert.equal(!again.ok && again.error.kind === 'state-conflict' && again.error.rule, 'renewal-of-issued');
    }
    const revoked = (await storedAudit(bench.store)).filter(({ type }) => type === 'certificate.revoked');
    assert.equal(revoked.length, 2);
  });

  it('has its status withdrawn when its renewal supersedes it, though the result of the commit is lost', async () => {
    const bench = await createBench({ store: await opened(), policy: superseding(testPolicy()) });
    const old = await withCredential(bench);
    const lost = { kind: 'database-unavailable', retryAfterMs: 1_000, detail: 'a lost answer' } as const;
    const groupedTransaction: Store['groupedTransaction'] = async (work, ...asked) => {
      const outcome = await bench.store.groupedTransaction(work, ...asked);
      if (work !== (STORE_SIGNATURES as unknown)) return outcome;
      unwrap(outcome);
      return { ok: false, error: lost };
    };
    const told: string[] = [];
    const statusChanged: World['statusChanged'] = (all) => void told.push(...all.map(({ serial }) => serial));
    const world = { ...bench.world, store: { ...bench.store, groupedTransaction }, statusChanged };
    assert.ok(!(await renew(world, old)).ok);
    assert.equal((await stateOf(bench.store, old)).status, 'revoked');
    assert.deepEqual(told, [old.serial]);
  });

  it('has one live successor, however many nodes ask at once, and another when that one is revoked', async () => {
    const database = await fresh();
    const bench = await createBench({ store: await opened({ database }) });
    const other = await createBench({ store: await opened({ database }) });
    const old = await withCredential(bench);
    const outcomes = await Promise.all([0, 1, 2, 3].map((at) => renew(at % 2 === 0 ? bench.world : other.world, old)));
    const issued = outcomes.flatMap((one) => (one.ok ? [one.value] : []));
    assert.equal(issued.length, 1);
    for (const one of outcomes)
      if (!one.ok) assert.equal(one.error.kind === 'state-conflict' && one.error.rule, 'renewal-under-way');
    assert.equal((await credentials(bench.store)).length, 2);
    const account = { ...CARD_MANAGEMENT, id: 'officer-1', roles: ['officer'] };
    const command = { account, reason: 'superseded', invalidityDate: null } as const;
    unwrap(await revokeCertificate(bench.world, present(issued[0], 'a successor').id, command));
    assert.equal((await renew(bench.world, old)).ok, true);
  });

  it('passes its credential by recovery too, where its process did not come to the signature', async () => {
    const bench = await createBench({ store: await opened() });
    const old = await withCredential(bench);
    bench.hooks.beforeSignature = async () => {
      bench.away.add(old.issuer);
    };
    const claim = { account: 'renewing', route: 'est/elementaire/org-auth-cli', key: 'csr' };
    assert.equal((await renew(bench.world, old, { claim, bodySha256: 'b'.repeat(64) })).ok, false);
    assert.deepEqual(await credentials(bench.store), [credentialOf(old)]);
    bench.hooks.beforeSignature = async () => undefined;
    bench.away.clear();
    await recoverOwn(bench);
    assert.equal((await credentials(bench.store)).length, 2);
  });

  it('may repeat its subject, and is refused with another one', async () => {
    const bench = await createBench({ store: await opened() });
    const old = await withCredential(bench);
    const asked = await askedBy(makeCsr(makeKey()));
    const command = (value: string) => {
      const subject = [[{ type: OID.commonName, form: 'utf8String', value }]] as const;
      return { ...asked, principal: principalOf(old), request: { ...asked.request, subject }, claim: null };
    };
    const refused = await renewSelf(bench.world, command('OTHER'));
    assert.equal(refused.ok || refused.error.kind, 'policy-violated');
    const renewed = unwrap(await renewSelf(bench.world, command('RENEWING'))).record;
    assert.deepEqual(renewed.holder, old.holder);
    assert.equal(renewed.protocol, 'est');
  });

  it('renews nothing else, and nothing that its profile does not list', async () => {
    const bench = await createBench({ store: await opened() });
    const old = await withCredential(bench);
    const principal = principalOf(old);
    const certificate = { ...principal.certificate, selfService: ['read-self'] } as const;
    const refused = await renewSelf(bench.world, {
      principal: { ...principal, certificate },
      ...(await askedBy(makeCsr(makeKey()))),
      claim: null,
    });
    assert.equal(!refused.ok && refused.error.kind, 'not-permitted');
    const none = { ...CARD_MANAGEMENT, credentials: [] };
    unwrap(await bench.store.transaction((tx) => tx.updateAccount(none)));
    unwrap(await renew(bench.world, old));
    assert.deepEqual(await credentials(bench.store), []);
  });

  it('gives no credential to an account that is disabled or has expired', async () => {
    const bench = await createBench({ store: await opened() });
    const old = await withCredential(bench);
    const own = { ...CARD_MANAGEMENT, ...ACCOUNT_DEFAULTS, credentials: [credentialOf(old)] };
    const revoked = { account: CARD_MANAGEMENT, reason: 'superseded', invalidityDate: null } as const;
    for (const ended of [
      { ...own, disabled: true },
      { ...own, expiresAt: NOW },
    ]) {
      unwrap(await bench.store.transaction((tx) => tx.updateAccount(ended)));
      const successor = unwrap(await renew(bench.world, old));
      assert.deepEqual(await credentials(bench.store), own.credentials);
      unwrap(await revokeCertificate(bench.world, successor.id, revoked));
    }
    unwrap(await bench.store.transaction((tx) => tx.updateAccount(own)));
    unwrap(await renew(bench.world, old));
    assert.equal((await credentials(bench.store)).length, 2);
  });

  it('has one live successor whatever SQL inserts', async () => {
    const bench = await createBench({ store: await opened() });
    const old = await withCredential(bench);
    const successor = { renews: old.id, selfRenewal: true, holderId: old.holderId };
    unwrap(await bench.store.transaction((tx) => insertIntents(tx, [intent(1, successor)])));
    for (const refused of [intent(2, successor), intent(3, { selfRenewal: true })])
      await assert.rejects(bench.store.transaction((tx) => insertIntents(tx, [refused])));
  });
});
