/**
 * Clients of CMP that try to get more than they may. Without these tests a certificate could be
 * confirmed without its key, and a message could make the service fail.
 */
import assert from 'node:assert/strict';
import { secretOf } from '../../../src/access/registration-keys.js';
import { seq, tagged } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { loadCertificate } from '../../../src/console/pages/certificate/data.js';
import { renderCertificate } from '../../../src/http/api/render.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, fromHex, toHex, utf8 } from '../../../src/kernel/bytes.js';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { err, ok } from '../../../src/kernel/result.js';
import { certifyAccount } from '../../../src/operations/accounts/certify-account.js';
import { certificateOf as certificateFrom } from '../../../src/operations/cmp/answers.js';
import { lapseTransactions, removeTransactions } from '../../../src/operations/cmp/lapse.js';
import { renewSelf } from '../../../src/operations/enrolment/renew-self.js';
import { revokeCertificate } from '../../../src/operations/revocation/revoke.js';
import { isSameName } from '../../../src/x509/certificate/name-comparison.js';
import { createCmpBench } from '../../support/cmp/bench.js';
import {
  type CmpClient,
  certReqMsg,
  cn,
  IMPLICIT_CONFIRM,
  outcomeOf,
  revocationOf,
  sha256,
  templateFor,
  viewOf,
} from '../../support/cmp/client.js';
import { createCertificate, createOffice } from '../../support/cmp/office.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { intent, intentEventOf } from '../../support/db/records.js';
import { askedBy } from '../../support/enrolment/asked.js';
import { type HolderKey, makeCsr, makeKey } from '../../support/service/csr.js';
import { NOW, testPolicy } from '../../unit/policy/fixtures.js';

const PROFILE = 'elementaire/org-auth-cli';

describeOnEach('a client of CMP that asks for more than its right', ({ opened }) => {
  let bench: Awaited<ReturnType<typeof createCmpBench>>;
  const time = { now: NOW };
  beforeEach(async () => {
    time.now = NOW;
    bench = await createCmpBench(await opened({ clock: () => time.now }), time);
  });

  const request = (key = makeKey()) => [certReqMsg(key, templateFor(key, cn('APP-1')))];
  const transactionOf = async ({ transactionID }: CmpClient) => {
    const [row] = unwrap(await bench.store.read((reads) => reads.cmpTransactionsByIds([toHex(transactionID)], 9)));
    const { state, certificateId } = present(row, 'a row');
    const record = unwrap(await bench.store.read((reads) => reads.certificateById(certificateId ?? '')));
    return { state, record: present(record, 'a record') };
  };

  /** Asks for a certificate that is sent encrypted to the key, which anybody may do. */
  const named = async (key: HolderKey, name: string) => {
    const proof = { kind: 'keyEncipherment', method: { kind: 'subsequentMessage', message: 'encrCert' } } as const;
    const client = bench.client(undefined, 'elementaire/org-conf');
    const answer = await client.ask('cr', [certReqMsg(key, templateFor(key, cn(name)), { proof })]);
    assert.equal(answer.bodyKind, 'cp', JSON.stringify(outcomeOf(answer)));
    return { client, confirmation: { octets: null as Bytes | null } };
  };
  /** As its holder does, who can decrypt it. Repeats the octets that were sent before. */
  const confirmed = async ({ client, confirmation }: Awaited<ReturnType<typeof named>>) => {
    const certHash = sha256(certificateFrom(bench.world, (await transactionOf(client)).record));
    confirmation.octets ??= client.build('certConf', [{ certHash, certReqId: 0, status: null, hashAlg: null }]);
    const { bodyKind, failInfo } = outcomeOf(await client.exchange(confirmation.octets));
    return failInfo[0] ?? bodyKind;
  };
  const statusOf = async (client: CmpClient) => (await transactionOf(client)).record.state.status;

  const certificateOf = (answer: Parameters<typeof outcomeOf>[0]) =>
    present(outcomeOf(answer).certificate, 'a certificate').der;

  it('learns no octet of a certificate that is sent encrypted, before its key is proven', async () => {
    const { client } = await named(makeKey('rsa-3072'), 'APP-1');
    const { state, record } = await transactionOf(client);
    assert.deepEqual([state, record.state.status], ['answered', 'pending']);
    assert.equal(renderCertificate(bench.world, record).certificate, '');
    assert.notEqual(renderCertificate(bench.world, { ...record, confirmed: true }).certificate, '');
  });

  it('is not shown in the console, and does not stand in the way of an account that has lost its own', async () => {
    const { client } = await named(makeKey('rsa-3072'), 'THIEF');
    const { record } = await transactionOf(client);
    const officer = { ...bench.account, id: 'officer-1', roles: ['officer'] as const };
    const serving = { world: bench.world } as unknown as Parameters<typeof loadCertificate>[0];
    const request = { account: officer, params: { id: record.id }, query: {}, isShown: false };
    const page = unwrap(await loadCertificate(serving, request as unknown as Parameters<typeof loadCertificate>[1]));
    assert.deepEqual([page.record.id, page.der.length, page.content], [record.id, 0, null]);
    const { issuer, spkiSha256 } = record;
    const account = { ...bench.account, id: 'office', name: 'office', credentials: [{ issuer, spkiSha256 }] };
    unwrap(await bench.store.transaction((tx) => tx.insertAccount(account)));
    const asked = { officer, accountId: 'office', csr: makeCsr(makeKey()), keyOrigin: null };
    const certified = await certifyAccount(bench.world, asked);
    assert.equal(!certified.ok && 'rule' in certified.error && certified.error.rule, 'account-of-this-platform');
  });

  it('slows its network down where nothing shows who it is, and not by a refusal of what it has protected', async () => {
    const failed: string[] = [];
    const pace = { turn: async () => ok(undefined), failed: (network: string) => void failed.push(network) };
    const { cmpParts } = bench.world;
    Object.assign(bench.world, { cmpParts: { ...cmpParts, pace } });
    await bench.client().ask('cr', request());
    await bench.client().ask('cr', [certReqMsg(makeKey('rsa-1024'), templateFor(makeKey(), cn('APP-1')))]);
    assert.deepEqual(failed, []);
    const stranger = bench.client({ reference: bench.account.id, secret: 'wrong', derivesKey: false });
    const refused = outcomeOf(await stranger.ask('cr', request()));
    assert.deepEqual([refused.failInfo, failed], [['badMessageCheck'], ['127.0.0.1']]);
    await assert.rejects(bench.send(Uint8Array.of(0x30, 0x00)), /400/);
    assert.equal(failed.length, 2);
    const keyOf = async () => err({ kind: 'overloaded', retryAfterMs: 1 } as const);
    Object.assign(bench.world, { cmpParts: { ...cmpParts, pace, keyWork: { ...cmpParts.keyWork, keyOf } } });
    await assert.rejects(bench.client().ask('cr', request()), /503/);
    assert.equal(failed.length, 3);
  });

  it('takes nothing from the holder of a key that it has only named', async () => {
    const key = makeKey('rsa-3072');
    const thief = await named(key, 'THIEF');
    const owner = await named(key, 'OWNER');
    assert.equal(await confirmed(owner), 'pkiconf');
    const { record } = await transactionOf(thief.client);
    const revoked = { reason: 'keyCompromise', invalidityDate: null } as const;
    const officer = { ...bench.account, roles: ['officer'] as const };
    const { alsoRevoked } = unwrap(await revokeCertificate(bench.world, record.id, { account: officer, ...revoked }));
    assert.deepEqual([alsoRevoked, await statusOf(owner.client)], [[], 'issued']);
    const keys = [record.spkiSha256];
    assert.deepEqual(unwrap(await bench.store.read((reads) => reads.compromisedKeys(keys))), []);
    const other = unwrap(
      await revokeCertificate(bench.world, (await transactionOf(owner.client)).record.id, {
        account: officer,
        ...revoked,
        reason: 'superseded',
      }),
    );
    assert.equal(other.state.status, 'revoked');
    assert.equal(await confirmed(await named(key, 'OWNER')), 'pkiconf', 'the owner has the key as before');
  });

  it('cannot confirm a key for two holders, nor one that was reported since', async () => {
    const key = makeKey('rsa-3072');
    const [first, second] = [await named(key, 'ONE'), await named(key, 'TWO')];
    assert.equal(await confirmed(first), 'pkiconf');
    assert.equal(await confirmed(second), 'badCertTemplate');
    assert.equal(await confirmed(second), 'badCertTemplate', 'the same answer again');
    assert.deepEqual([await statusOf(first.client), await statusOf(second.client)], ['issued', 'revoked']);
    const blocked = await named(makeKey('rsa-3072'), 'THREE');
    const { spkiSha256 } = (await transactionOf(blocked.client)).record;
    const entry = { spkiSha256, at: time.now, actor: 'account:officer-1', reason: 'leaked' };
    unwrap(await bench.store.transaction((tx) => tx.insertBlockedKey(entry)));
    assert.equal(await confirmed(blocked), 'badCertTemplate');
    assert.equal(await statusOf(blocked.client), 'revoked');
  });

  it('renews itself once, also where its confirmed successor was revoked', async () => {
    const key = makeKey();
    const client = bench.client();
    const implicit = { header: { generalInfo: [IMPLICIT_CONFIRM] } };
    const certificate = certificateOf(await client.ask('cr', request(key), implicit));
    const { record } = await transactionOf(client);
    const self = { certificate, key, chain: bench.world.issuers.chain(record.issuer).slice(0, -1) };
    const update = async () => {
      const next = makeKey();
      const updating = bench.client(self);
      return { updating, answer: await updating.ask('kur', [certReqMsg(next, templateFor(next, []))]) };
    };
    const rejected = await update();
    assert.equal((await rejected.updating.ask('certConf', [])).bodyKind, 'pkiconf');
    const accepted = await update();
    const hash = [{ certHash: sha256(certificateOf(accepted.answer)), certReqId: 0, status: null, hashAlg: null }];
    assert.equal((await accepted.updating.ask('certConf', hash)).bodyKind, 'pkiconf');
    const successor = (await transactionOf(accepted.updating)).record.id;
    const superseded = { account: bench.account, reason: 'superseded', invalidityDate: null } as const;
    unwrap(await revokeCertificate(bench.world, successor, superseded));
    assert.deepEqual(outcomeOf((await update()).answer).failInfo, ['certRevoked']);
    const again = await renewSelf(bench.world, {
      principal: {
        kind: 'self',
        via: 'est',
        certificate: { ...record, isForAuthentication: true, selfService: ['renew-self'] },
      },
      ...(await askedBy(makeCsr(makeKey()))),
      claim: null,
    });
    assert.equal(!again.ok && again.error.kind === 'state-conflict' && again.error.rule, 'renewal-under-way');
  });

  it('gets the answer that it has got when it replays a message within a day, and none afterwards', async () => {
    const implicit = { header: { generalInfo: [IMPLICIT_CONFIRM] } };
    const [plain, done] = [bench.client(), bench.client()];
    const octets = [plain.build('cr', request()), done.build('cr', request(), implicit)] as const;
    const certificate = certificateOf(await plain.exchange(octets[0]));
    const word = plain.build('certConf', [
      { certHash: sha256(certificate), certReqId: 0, status: null, hashAlg: null },
    ]);
    assert.equal((await plain.exchange(word)).bodyKind, 'pkiconf');
    const other = certificateOf(await done.exchange(octets[1]));
    const signed = bench.signed();
    time.now += DAY_MS - HOUR_MS;
    await removeTransactions(bench.world);
    assert.deepEqual(certificateOf(await plain.exchange(octets[0])), certificate);
    assert.deepEqual(certificateOf(await done.exchange(octets[1])), other);
    assert.equal((await plain.exchange(word)).bodyKind, 'pkiconf');
    time.now += 2 * HOUR_MS;
    await removeTransactions(bench.world);
    for (const late of [...octets, word])
      assert.equal(outcomeOf(await plain.exchange(late)).bodyKind, 'error', 'its time is over');
    assert.equal(bench.signed(), signed);
  });

  it('learns and changes nothing in the transaction of another principal', async () => {
    const client = bench.client();
    const answer = await client.ask('cr', request());
    const account = { ...bench.account, id: 'other', name: 'other', credentials: [] };
    unwrap(await bench.store.transaction((tx) => tx.insertAccount(account)));
    const [key] = bench.world.registrationKeys.values();
    const secret = secretOf(present(key, 'a key'), { kind: 'account', id: 'other', generation: 1 });
    const { senderNonce: recipNonce } = answer.header;
    const header = { transactionID: client.transactionID, recipNonce };
    const other = bench.client({ reference: 'other', secret });
    const certHash = sha256(certificateOf(answer));
    for (const refused of [
      await other.ask('pollReq', [0], { header }),
      await other.ask('certConf', [{ certHash, certReqId: 0, status: null, hashAlg: null }], { header }),
      await other.ask('certConf', [], { header }),
    ])
      assert.deepEqual(outcomeOf(refused).failInfo, ['badRequest']);
    assert.equal((await transactionOf(client)).state, 'answered');
  });

  it('can only confirm a certificate whose time for it is over', async () => {
    const policy = testPolicy();
    const profile = present(policy.profiles.get(PROFILE), 'a profile');
    const enrolment = { ...present(profile.enrolment, 'its enrolment'), unconfirmed: 'undetermined' } as const;
    const profiles = new Map(policy.profiles).set(profile.id, { ...profile, enrolment });
    bench = await createCmpBench(bench.store, time, { ...policy, profiles });
    const client = bench.client();
    const answer = await client.ask('cr', request());
    const recipNonce = answer.header.senderNonce;
    time.now += DAY_MS;
    await lapseTransactions(bench.world);
    const wrong = [{ certHash: new Uint8Array(32), certReqId: 0, status: null, hashAlg: null }];
    for (const [word, failInfo] of [
      [[], 'badRequest'],
      [wrong, 'badCertId'],
    ] as const) {
      assert.deepEqual(outcomeOf(await client.ask('certConf', word, { header: { recipNonce } })).failInfo, [failInfo]);
      assert.equal((await transactionOf(client)).state, 'lapsed');
    }
    const right = [{ certHash: sha256(certificateOf(answer)), certReqId: 0, status: null, hashAlg: null }];
    assert.equal(outcomeOf(await client.ask('certConf', right, { header: { recipNonce } })).bodyKind, 'pkiconf');
  });

  it('gets one answer to a revocation that it sends twice at once', async () => {
    const key = makeKey();
    const office = bench.client();
    const implicit = { header: { generalInfo: [IMPLICIT_CONFIRM] } };
    const certificate = certificateOf(await office.ask('cr', request(key), implicit));
    const { record } = await transactionOf(office);
    const credentials = [{ issuer: record.issuer, spkiSha256: record.spkiSha256 }];
    const account = { ...bench.account, id: 'office', name: 'office', credentials };
    unwrap(await bench.store.transaction((tx) => tx.insertAccount(account)));
    const der = certificateOf(await bench.client().ask('cr', request(), implicit));
    const client = bench.client({ certificate, key, chain: bench.world.issuers.chain(record.issuer).slice(0, -1) });
    const message = client.build('rr', [{ template: revocationOf(der), crlEntryDetails: [] }]);
    const answers = await Promise.all([1, 2, 3].map(() => client.exchange(message)));
    assert.deepEqual(
      answers.map((answer) => [answer.bodyKind, outcomeOf(answer).status, outcomeOf(answer).text]),
      answers.map(() => ['rp', 'accepted', ['The certificate is revoked.']]),
    );
  });

  it('gets no certificate outside of the scope of its account, by subject or subjectAltName', async () => {
    const { account } = bench;
    const { scope } = account;
    const limited = { ...scope, domains: ['inside.test'], holders: ['10B0057881/INSIDE*', 'inside.test'] };
    unwrap(await bench.store.transaction((tx) => tx.updateAccount({ ...account, scope: limited })));
    const asked = async (profile: string, name: string, names: readonly string[]) => {
      const key = makeKey();
      const value = seq(...names.map((one) => tagged(0x82, utf8(one))));
      const extensions = names.length === 0 ? [] : [{ oid: '2.5.29.17', critical: false, value }];
      const request = [certReqMsg(key, templateFor(key, cn(name), { extensions }))];
      const { status, failInfo } = outcomeOf(await bench.client(undefined, profile).ask('cr', request));
      return failInfo[0] ?? status;
    };
    assert.equal(await asked(PROFILE, 'OUTSIDE', []), 'notAuthorized');
    assert.equal(await asked(PROFILE, 'INSIDE', []), 'grantedWithMods');
    const server = 'elementaire/serv-ssl';
    assert.equal(await asked(server, 'inside.test', ['inside.test', 'outside.test']), 'notAuthorized');
    assert.equal(await asked(server, 'inside.test', ['inside.test']), 'grantedWithMods');
  });

  it('gets back at most 500 characters of an identifier that it has sent', async () => {
    const key = makeKey();
    const oid = `1.2.${Array.from({ length: 8_000 }, () => '127').join('.')}`;
    const extensions = [1, 2].map(() => ({ oid, critical: false, value: new Uint8Array([5, 0]) }));
    const answer = await bench.client().ask('cr', [certReqMsg(key, templateFor(key, cn('APP-1'), { extensions }))]);
    assert.equal(outcomeOf(answer).status, 'rejection');
    assert.ok(answer.octets.length < 2_000, `${answer.octets.length} octets`);
  });
});

describeOnEach('an account that revokes by CMP', ({ opened }) => {
  /** An account, a certificate of another holder, and what an rr for it is answered. */
  async function staged(policy = testPolicy()) {
    const time = { now: NOW };
    const bench = await createCmpBench(await opened({ clock: () => time.now }), time, policy);
    const { certificate, record } = await createCertificate(bench);
    time.now += 30 * DAY_MS;
    const office = await createOffice(bench);
    const ask = async (reasonCode: number) => {
      const reason = { oid: OID.reasonCode, critical: false, value: Uint8Array.of(0x0a, 0x01, reasonCode) };
      const asked = [{ template: revocationOf(certificate), crlEntryDetails: [reason] }];
      const { bodyKind, status, failInfo } = outcomeOf(await office.client().ask('rr', asked));
      return [bodyKind, failInfo[0] ?? status];
    };
    const statusOf = async () =>
      unwrap(await bench.store.read((reads) => reads.certificateById(record.id)))?.state.status;
    return { time, record, ask, statusOf };
  }
  const [UNSPECIFIED, HOLD, REMOVE] = [0, 6, 8] as const;

  it('suspends and releases where the profile allows it, and releases nothing else', async () => {
    const { ask, statusOf } = await staged();
    for (const [reason, outcome, status] of [
      [REMOVE, 'badCertId', 'issued'],
      [HOLD, 'accepted', 'suspended'],
      [REMOVE, 'accepted', 'issued'],
      [HOLD, 'accepted', 'suspended'],
      [UNSPECIFIED, 'accepted', 'revoked'],
      [REMOVE, 'certRevoked', 'revoked'],
      [HOLD, 'certRevoked', 'revoked'],
    ] as const) {
      assert.deepEqual(await ask(reason), ['rp', outcome], `${reason}, then ${status}`);
      assert.equal(await statusOf(), status);
    }
  });

  it('suspends nothing where the profile does not allow it', async () => {
    const policy = testPolicy();
    const { ask, statusOf } = await staged({
      ...policy,
      environment: { ...policy.environment, suspensionAlsoFor: [] },
    });
    assert.deepEqual(await ask(HOLD), ['rp', 'badRequest']);
    assert.equal(await statusOf(), 'issued');
  });

  it('revokes nothing that has expired', async () => {
    const { time, record, ask, statusOf } = await staged();
    time.now = record.notAfter + SECOND_MS;
    assert.deepEqual(await ask(UNSPECIFIED), ['rp', 'certRevoked']);
    assert.equal(await statusOf(), 'issued');
  });

  it('revokes a certificate that a restore has found in the journal of its signer only', async () => {
    const time = { now: NOW };
    const bench = await createCmpBench(await opened({ clock: () => time.now }), time);
    const office = await createOffice(bench);
    const { issuer } = viewOf(office.certificate).tbs;
    const { id } = present(
      bench.world.issuers.all().find((one) => isSameName(one.subject, issuer)),
      'its CA',
    );
    const found = { tbs: new Uint8Array(), state: { status: 'issued' }, recoveredSha256: 'a'.repeat(64) } as const;
    const record = intent(1, { ...found, issuer: id, profile: PROFILE, serial: '0123456789abcdef0123456789abcdef' });
    unwrap(
      await bench.store.transaction(async (tx) => {
        const [intentSeq] = await tx.appendAudit([intentEventOf(record)]);
        await tx.insertRecovered([{ record, intentSeq: present(intentSeq, 'an entry') }]);
      }),
    );
    const template = { ...revocationOf(office.certificate), serialNumber: present(fromHex(record.serial), 'octets') };
    const answer = await office.client().ask('rr', [{ template, crlEntryDetails: [] }]);
    assert.equal(outcomeOf(answer).status, 'accepted', JSON.stringify(outcomeOf(answer)));
    const after = unwrap(await bench.store.read((reads) => reads.certificateById(record.id)));
    assert.equal(after?.state.status, 'revoked');
  });
});
