/**
 * Responders' certificates over a year, by a clock that is set, under the checker that sits in the
 * signer.
 */
import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { createChecker } from '../../../hsm/signer/check.js';
import type { Checker } from '../../../hsm/signer/check-port.js';
import { systemRandom } from '../../../src/compose/world.js';
import { renewRespondersJob } from '../../../src/jobs/status/responder-renewal.js';
import { createCurrentResponders } from '../../../src/jobs/status/responders.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, toHex } from '../../../src/kernel/bytes.js';
import { toSecond } from '../../../src/kernel/clock.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { err, ok } from '../../../src/kernel/result.js';
import { decideTransition } from '../../../src/lifecycle/certificate-states.js';
import { redeemLintToken } from '../../../src/lint/token.js';
import { type DelegatedResponder, readDelegatedResponder, respondersOf } from '../../../src/ocsp/responder.js';
import { registerCertificates, type SignerFile } from '../../../src/operations/status/register-certificates.js';
import { renewResponder } from '../../../src/operations/status/renew-responder.js';
import { planSigner, responderProfileOf } from '../../../src/policy/plan/plan.js';
import { policyDocument } from '../../../src/policy/transfer.js';
import type { RunId } from '../../../src/ports/node.js';
import type { Signer } from '../../../src/ports/signer.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { Store } from '../../../src/ports/store.js';
import type { Log } from '../../../src/ports/world.js';
import { assembleCertificate, encodeTbs } from '../../../src/x509/certificate/certificate-writer.js';
import { hashFor } from '../../../src/x509/keys/algorithms.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { OWN_RUN, withRun } from '../../support/db/runs.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { setState } from '../../support/db/unaudited.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';
import { NO_BLOCKED_KEYS } from '../../support/no-blocked-keys.js';
import { SILENT_LOG } from '../../support/status/authority.js';
import { NOW, testIssuer, testKey, testPolicy } from '../../unit/policy/fixtures.js';

const LIFE_DAYS = 45;

describeOnEach('certificates of responders', ({ fresh, opened }) => {
  const policy = testPolicy();
  const issuer = testIssuer(policy, 'aci-el-org');
  const caKey = testKey(issuer.keyType, 'aci-el-org-1').privateKey;
  let now: number;
  /** How far the clock of the service is ahead of the database's clock. */
  let aheadMs: number;
  let checker: Checker;
  let isUnavailable: boolean;
  /** What is done before a signature is made; and whether it is another one then. */
  let beforeSigning: () => Promise<void>;
  let isWrong: boolean;
  let badSignatures: number;
  let refused: string[];
  let store: Store;
  let stores: readonly [Store, Store];
  let logged: (readonly [event: string, fields: unknown])[];
  const log: Log = { ...SILENT_LOG, error: (event, fields) => logged.push([event, fields]) };

  /** As a ceremony issues the first. */
  function responderFor(spki: Bytes, octet = 7): DelegatedResponder {
    const profile = responderProfileOf(policy, issuer.authority);
    const { validity, subject, extensions } = planSigner(policy, { profile, spki, issuer, now });
    const { signatureAlgorithm, subjectDer: issuerDer } = issuer;
    const serial = Uint8Array.of(0x4d, ...new Uint8Array(15).fill(octet));
    const tbs = encodeTbs({ serial, signatureAlgorithm, issuerDer, validity, subject, spki, extensions });
    const signature = new Uint8Array(sign(hashFor(signatureAlgorithm), tbs, caKey));
    return unwrap(readDelegatedResponder(issuer, assembleCertificate(tbs, signatureAlgorithm, signature)));
  }

  beforeEach(async () => {
    [now, aheadMs, isUnavailable, refused, logged] = [NOW, 0, false, [], []];
    [beforeSigning, isWrong, badSignatures] = [async () => undefined, false, 0];
    const database = await fresh();
    stores = await Promise.all([opened({ database, clock: () => now }), opened({ database, clock: () => now })]);
    [store] = stores;
    await withRun(store);
    const sealed = [testKey('p-256', 'sealed'), testKey('rsa-2048', 'sealed')].map(({ spki }) => ({
      file: 'aci-el-org.ocsp.cer',
      certificate: responderFor(spki).certificate,
    }));
    checker = await createChecker({
      tokenKind: 'ca',
      hierarchy: 'elementaire',
      environmentMark: 'development',
      policy: policyDocument(policy),
      issuers: [
        {
          id: issuer.id,
          keyType: issuer.keyType,
          certificate: issuer.certificate,
          authorityCertificate: null,
          approvedResponders: sealed,
        },
      ],
      clock: () => now,
    });
  });

  const signer: Pick<Signer, 'responderCertificate' | 'reportBadSignature'> = {
    async responderCertificate(token, profile) {
      if (isUnavailable) return err({ kind: 'signer-unavailable', retryAfterMs: 1, detail: 'away' });
      await beforeSigning();
      const tbs = redeemLintToken(token);
      const verdict = checker.responderCertificate(tbs, profile, token.issuer);
      const signed = isWrong ? Uint8Array.of(...tbs, 0) : tbs;
      if (verdict.ok) return ok(new Uint8Array(sign(hashFor(issuer.signatureAlgorithm), signed, caKey)));
      refused.push(verdict.error.rule);
      return err({ kind: 'signer-refused', rule: verdict.error.rule, detail: verdict.error.detail });
    },
    reportBadSignature: async () => {
      badSignatures += 1;
    },
  };
  const responders = (
    of: Store,
    [first, ...others]: readonly [DelegatedResponder, ...DelegatedResponder[]],
    kept: DelegatedResponder[] = [],
  ) => {
    const run = toHex(systemRandom(16)) as RunId;
    const made = createCurrentResponders(
      { policy, store: of, clock: () => now, log },
      [{ issuer, responder: first, others }],
      async (_, responder) => void kept.push(responder),
    );
    const world = { policy, ...OWN_RUN, store: of, clock: () => now + aheadMs, log, random: systemRandom, signer };
    const parts = { ...world, responders: made };
    return { ...made, renew: () => workDue(renewRespondersJob, parts, sharedWorldOf(of, { run })) };
  };
  const lifeLeft = (made: ReturnType<typeof responders>): number =>
    ((made.authorities()[0]?.responder?.notAfter ?? 0) - now) / DAY_MS;

  it('are renewed through a year, each for the same key, by one of two services, and saved by both', async function aYear() {
    const first = responderFor(testKey('p-256', 'sealed').spki);
    const kept: [DelegatedResponder[], DelegatedResponder[]] = [[], []];
    const both = [responders(stores[0], [first], kept[0]), responders(stores[1], [first], kept[1])] as const;
    for (let day = 0; day <= 365; day += 3, now += 3 * DAY_MS) {
      await Promise.all(both.map((one) => one.renew()));
      // The service that did not get the lease has the certificate a minute later.
      for (const one of both) {
        await one.adopt();
        assert.ok(lifeLeft(one) > LIFE_DAYS / 3 - 1, `day ${day}: ${lifeLeft(one)} days left`);
      }
    }
    assert.equal(kept[0].length, 12, 'one in thirty days');
    const ends = kept.map((list) => list.map(({ notAfter }) => notAfter));
    assert.deepEqual(ends[0], ends[1]);
    for (const { spki } of kept[0]) assert.deepEqual(spki, first.spki);
    const records = unwrap(await store.read((reads) => reads.certificatesOfHolder('ocsp/aci-el-org')));
    assert.equal(records.length, 12);
    assert.ok(records.every(({ state }) => state.status === 'issued'));
    const types = (await storedAudit(store)).map(({ type }) => type);
    assert.deepEqual(types, Array(12).fill(['certificate.intent', 'certificate.issued']).flat());
    assert.deepEqual(refused, []);
  });

  it('are renewed although a service whose clock is years ahead has failed to', async () => {
    const kept: DelegatedResponder[] = [];
    const made = responders(store, [responderFor(testKey('p-256', 'sealed').spki)], kept);
    now += 31 * DAY_MS;
    aheadMs = 3_650 * DAY_MS;
    await made.renew();
    assert.deepEqual([kept.length, logged.map(([event]) => event)], [0, ['responder.not-renewed']]);
    aheadMs = 0;
    await made.renew();
    assert.equal(kept.length, 1);
  });

  it('are retried after longer and longer pauses while the signer is down, because each attempt uses a serial number', async () => {
    const made = responders(store, [responderFor(testKey('p-256', 'sealed').spki)]);
    now += 31 * DAY_MS;
    isUnavailable = true;
    for (const until = now + DAY_MS; now < until; now += 5 * MINUTE_MS) await made.renew();
    const spent = unwrap(await store.read((reads) => reads.certificatesOfHolder('ocsp/aci-el-org')));
    assert.equal(spent.length, 9);
    isUnavailable = false;
    now += 6 * HOUR_MS;
    await made.renew();
    assert.ok(lifeLeft(made) > 44);
  });

  const records = async () => unwrap(await store.read((reads) => reads.certificatesOfHolder('ocsp/aci-el-org')));

  it('are not adopted with a wrong signature, or when their intent was abandoned while they were signed', async () => {
    const first = responderFor(testKey('p-256', 'sealed').spki);
    const made = responders(store, [first]);
    now += 31 * DAY_MS;
    isWrong = true;
    await made.renew();
    assert.deepEqual([badSignatures, (await records()).map(({ signature }) => signature)], [2, [null]]);
    isWrong = false;
    now += HOUR_MS;
    beforeSigning = async () => {
      for (const { id, state } of await records()) {
        if (state.status !== 'open') continue;
        const given = unwrap(decideTransition(state, { kind: 'abandon', at: now }));
        unwrap(await store.transaction((tx) => setState(tx, id, [given, { at: now, actor: 'system' }])));
      }
    };
    await made.renew();
    assert.equal(made.authorities()[0]?.responder, first);
    assert.deepEqual(
      (await records()).map(({ state, signature }) => [state.status, signature]),
      [
        ['revoked', null],
        ['revoked', null],
      ],
    );
  });

  it('are not made while the clock is behind', async () => {
    const responder = responderFor(testKey('p-256', 'sealed').spki);
    unwrap(await store.transaction((tx) => tx.setClockMark(now + DAY_MS)));
    const world = { ...OWN_RUN, policy, store, clock: () => now, log: SILENT_LOG, random: systemRandom, signer };
    const renewed = await renewResponder(world, { issuer, responder });
    assert.match(JSON.stringify(renewed), /clock-wrong/);
    assert.deepEqual(await records(), []);
  });

  it('are not adopted when they are revoked or expired', async () => {
    const first = responderFor(testKey('p-256', 'sealed').spki);
    const [one, other] = [responders(stores[0], [first]), responders(stores[1], [first])];
    now += 31 * DAY_MS;
    await one.renew();
    const [renewed] = await records();
    assert.ok(renewed);
    const renewedAt = now;
    now += 60 * DAY_MS;
    await other.adopt();
    assert.equal(other.authorities()[0]?.responder, first, 'it is over, as the first is');
    now = renewedAt + MINUTE_MS;
    const revoked = { status: 'revoked', at: now, reason: 'superseded', invalidityDate: null } as const;
    unwrap(await store.transaction((tx) => setState(tx, renewed.id, [revoked, { at: now, actor: 'system' }])));
    await other.adopt();
    assert.equal(other.authorities()[0]?.responder, first, 'it is revoked');
  });

  const fileOf = ({ certificate }: DelegatedResponder, file = 'first.cer') =>
    ({ kind: 'responder', issuer, file, certificate }) as const;
  const issuers = { all: () => [issuer], byId: () => issuer, current: () => issuer, chain: () => [], links: () => [] };
  const register = async (of: Store, ...files: readonly SignerFile[]) => {
    const world = { policy, store: of, clock: () => now, random: systemRandom, log };
    unwrap(await registerCertificates({ ...world, issuers, blockedKeys: NO_BLOCKED_KEYS }, files));
  };
  const revokeBy = async ({ id }: CertificateRecord, reason: 'superseded' | 'keyCompromise') => {
    const state = { status: 'revoked', at: now, reason, invalidityDate: null } as const;
    unwrap(await store.transaction((tx) => setState(tx, id, [state, { at: now, actor: 'account:officer-1' }])));
    return state;
  };

  it('of a ceremony are registered at a start, once, and can be found and revoked', async () => {
    const spkis = [testKey('p-256', 'sealed').spki, testKey('rsa-2048', 'sealed').spki];
    const files = spkis.map((spki, at) => fileOf(responderFor(spki, 7 + at)));
    await Promise.all(stores.map((of) => register(of, ...files, ...files)));
    await register(store, ...files);
    const stored = await records();
    assert.deepEqual(
      stored.map(({ serial, state, profile, spkiSha256 }) => [serial, state.status, profile, spkiSha256]).sort(),
      spkis.map((spki, at) => [`4d${`0${7 + at}`.repeat(15)}`, 'issued', 'elementaire/ocsp-org', sha256Hex(spki)]),
    );
    const entries = (await storedAudit(store)).map(({ type }) => type);
    assert.deepEqual(entries, Array(2).fill('certificate.registered'));
    const state = await revokeBy(present(stored[0], 'a record'), 'superseded');
    await register(store, ...files);
    assert.deepEqual((await records())[0]?.state, state, 'a start does not undo a revocation');
    assert.deepEqual(logged, []);
  });

  it('of a ceremony that cannot be registered are reported, and the others are registered', async () => {
    const good = fileOf(responderFor(testKey('p-256', 'sealed').spki));
    const twin = fileOf(responderFor(testKey('p-256', 'twin').spki), 'twin.cer');
    const broken = { ...good, file: 'broken.cer', certificate: Uint8Array.of(0x30, 0) };
    await register(store, broken, good, twin);
    assert.equal((await records()).length, 1);
    const detail = `the database has another certificate with the serial number 4d${'07'.repeat(15)}`;
    assert.deepEqual(logged, [
      ['responder.not-registered', { issuer: issuer.id, file: 'broken.cer', detail: 'certificate-well-formed' }],
      ['responder.not-registered', { issuer: issuer.id, file: 'twin.cer', detail }],
    ]);
  });

  it('are not renewed on a key that an officer has blocked', async () => {
    const first = responderFor(testKey('p-256', 'sealed').spki);
    const blocked = { spkiSha256: sha256Hex(first.spki), at: now, actor: 'account:officer-1', reason: 'leaked' };
    unwrap(await store.transaction((tx) => tx.insertBlockedKey(blocked)));
    now += 31 * DAY_MS;
    await responders(store, [first]).renew();
    assert.deepEqual(await records(), []);
  });

  it('that were revoked sign nothing more, and get a successor unless the key is compromised', async () => {
    const first = responderFor(testKey('p-256', 'sealed').spki);
    const second = responderFor(testKey('rsa-2048', 'sealed').spki, 8);
    await register(store, fileOf(first), fileOf(second));
    const made = responders(store, [first, second]);
    now += HOUR_MS;
    for (const record of await records())
      await revokeBy(record, record.serial.startsWith('4d07') ? 'superseded' : 'keyCompromise');
    now += MINUTE_MS;
    await made.adopt();
    await made.adopt();
    const ends = () => respondersOf(present(made.authorities()[0], 'it')).map(({ notAfter }) => notAfter - now);
    assert.deepEqual(ends(), [-MINUTE_MS, -MINUTE_MS]);
    await made.renew();
    assert.ok((ends()[0] ?? 0) > 40 * DAY_MS, 'superseded');
    assert.equal(ends()[1], -MINUTE_MS, 'compromised');
    const events = logged.map(([event]) => event);
    assert.deepEqual(events, ['responder.revoked', 'responder.revoked', 'responder.not-renewed']);
  });

  it('are never made for a key that no ceremony has certified', async () => {
    const stranger = responderFor(testKey('p-256', 'stranger').spki);
    const made = responders(store, [stranger]);
    now += 31 * DAY_MS;
    await made.renew();
    assert.deepEqual(refused, ['responder-key-not-approved']);
    assert.equal(made.authorities()[0]?.responder, stranger);
    const issued = unwrap(await store.read((reads) => reads.certificatesOfHolder('ocsp/aci-el-org')));
    assert.deepEqual(
      issued.filter(({ signature }) => signature !== null),
      [],
    );
  });

  it('are replaced at once if they are valid longer than the policy now allows', async () => {
    const first = responderFor(testKey('p-256', 'sealed').spki);
    const made = responders(store, [{ ...first, notAfter: first.notBefore + 1_100 * DAY_MS }]);
    now += DAY_MS;
    await made.renew();
    assert.ok(lifeLeft(made) <= LIFE_DAYS && lifeLeft(made) > LIFE_DAYS - 1);
    await made.renew();
    assert.equal(unwrap(await store.read((reads) => reads.certificatesOfHolder('ocsp/aci-el-org'))).length, 1);
  });

  it('made by a clock far ahead are replaced by earlier ones, and by a new one when the clock is right', async () => {
    const made = responders(store, [responderFor(testKey('p-256', 'sealed').spki)]);
    const notBefore = () => made.authorities()[0]?.responder?.notBefore;
    now += 31 * DAY_MS;
    const renewedAt = now;
    await made.renew();
    now += 31 * DAY_MS;
    await made.renew();
    now += 300 * DAY_MS;
    await made.renew();
    const ahead = made.authorities()[0]?.responder ?? assert.fail('a responder');
    assert.equal(ahead.notBefore, toSecond(now));
    now = renewedAt + DAY_MS;
    await made.adopt();
    assert.equal(notBefore(), toSecond(renewedAt), 'the one that is valid now');
    // Where none of before is there, two officers' word that the mark was wrong lets a new one be
    // made (ops/clock.md).
    const again = responders(store, [ahead]);
    now = renewedAt - DAY_MS;
    unwrap(await store.transaction((tx) => tx.setClockMark(now)));
    await again.renew();
    assert.equal(again.authorities()[0]?.responder?.notBefore, toSecond(now));
  });

  it('made by a node whose clock is seconds ahead are not adopted before they are valid here', async () => {
    const first = responderFor(testKey('p-256', 'sealed').spki);
    const [one, other] = [responders(stores[0], [first]), responders(stores[1], [first])];
    now += 31 * DAY_MS;
    await one.renew();
    now -= 2 * SECOND_MS;
    await other.adopt();
    assert.equal(other.authorities()[0]?.responder, first);
    now += 2 * SECOND_MS;
    await other.adopt();
    assert.equal(other.authorities()[0]?.responder?.notBefore, toSecond(now));
  });

  it('are renewed independently, each for its own key, except those of a key type that is no longer allowed', async () => {
    const [ecdsa, rsa] = [testKey('p-256', 'sealed').spki, testKey('rsa-2048', 'sealed').spki];
    const kept: DelegatedResponder[] = [];
    const made = responders(store, [responderFor(ecdsa), responderFor(rsa)], kept);
    now += 31 * DAY_MS;
    await made.renew();
    await made.renew();
    assert.deepEqual(
      kept.map(({ spki }) => spki),
      [ecdsa, rsa],
    );
    const [authority] = made.authorities();
    assert.deepEqual(authority?.responder, kept[0]);
    assert.deepEqual(authority?.others, [kept[1]]);
    const exception = policy.environment.keyExceptions.find(({ keyType }) => keyType === 'rsa-2048');
    now = Date.parse(exception?.expires ?? '') + 1_000;
    await made.renew();
    assert.deepEqual(
      kept.slice(2).map(({ spki }) => spki),
      [ecdsa],
    );
    assert.deepEqual(refused, []);
  });
});
