/**
 * Transactions of CMP from their first message to their end, through `receive`. Without these tests
 * a repeated message could issue twice, an unconfirmed certificate could stay valid, and a client
 * could get another answer than it was given before.
 */
import assert from 'node:assert/strict';
import { present } from '../../../src/kernel/assert.js';
import { toHex } from '../../../src/kernel/bytes.js';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import type { Json } from '../../../src/kernel/json.js';
import { certificateOf as certificateIn } from '../../../src/operations/cmp/answers.js';
import { lapseTransactions, removeTransactions } from '../../../src/operations/cmp/lapse.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { CmpTransaction } from '../../../src/ports/store/enrolment/cmp-transactions.js';
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
} from '../../support/cmp/client.js';
import { cmpTransaction } from '../../support/cmp/transactions.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { registration } from '../../support/enrolment/registrations.js';
import { superseding } from '../../support/enrolment/superseding.js';
import { recoverOwn } from '../../support/orders/order-bench.js';
import { makeKey } from '../../support/service/csr.js';
import { NOW, orderFor, testPolicy } from '../../unit/policy/fixtures.js';

type Bench = Awaited<ReturnType<typeof createCmpBench>>;

describeOnEach('a transaction of CMP', ({ opened }) => {
  let bench: Bench;
  const time = { now: NOW };

  beforeEach(async () => {
    time.now = NOW;
    bench = await createCmpBench(await opened({ clock: () => time.now }), time);
  });

  const request = (name = 'APP-1', key = makeKey()) => [certReqMsg(key, templateFor(key, cn(name)))];
  const rowOf = async ({ transactionID }: CmpClient): Promise<CmpTransaction> => {
    const found = await bench.store.read((reads) => reads.cmpTransactionsByIds([toHex(transactionID)], 9));
    return present(unwrap(found)[0], 'a row');
  };
  const recordOf = async (client: CmpClient): Promise<CertificateRecord> => {
    const { certificateId } = await rowOf(client);
    const found = await bench.store.read((reads) => reads.certificateById(present(certificateId, 'an id')));
    return present(unwrap(found), 'a record');
  };
  const stateOf = async (client: CmpClient) => [(await rowOf(client)).state, (await recordOf(client)).state.status];
  const certificateOf = (answer: Parameters<typeof outcomeOf>[0]) =>
    present(outcomeOf(answer).certificate, JSON.stringify(outcomeOf(answer))).der;
  const accepted = (certificate: Uint8Array, certReqId = 0) => [
    { certHash: sha256(certificate), certReqId, status: null, hashAlg: null },
  ];
  const confirmed = async (client: CmpClient, answer: Parameters<typeof outcomeOf>[0], certReqId = 0) =>
    outcomeOf(await client.ask('certConf', accepted(certificateOf(answer), certReqId)));
  const auditOf = async () =>
    (await storedAudit(bench.store)).map(({ type }) => type).filter((type) => /^cmp/.test(type));

  for (const kind of ['ir', 'cr'] as const)
    it(`begins with ${kind}, has a pending certificate, and issues it with the confirmation`, async () => {
      const client = bench.client();
      const answer = await client.ask(kind, request());
      const { bodyKind, status, certReqId } = outcomeOf(answer);
      assert.deepEqual([bodyKind, status, certReqId], [kind === 'ir' ? 'ip' : 'cp', 'grantedWithMods', 0]);
      assert.deepEqual(await stateOf(client), ['answered', 'pending']);
      assert.equal((await confirmed(client, answer)).bodyKind, 'pkiconf');
      assert.deepEqual(await stateOf(client), ['confirmed', 'issued']);
      assert.deepEqual(await auditOf(), ['cmp.confirmed']);
    });

  it('is done at once where the client asks for an implicit confirmation', async () => {
    const client = bench.client();
    const answer = await client.ask('cr', request(), { header: { generalInfo: [IMPLICIT_CONFIRM] } });
    assert.deepEqual(answer.header.generalInfo, [IMPLICIT_CONFIRM]);
    assert.deepEqual(await stateOf(client), ['done', 'issued']);
    const late = await confirmed(client, answer);
    assert.deepEqual([late.bodyKind, late.failInfo], ['error', ['certConfirmed']]);
  });

  it('answers the same octets the same, once and again, and signs once', async () => {
    const client = bench.client();
    const first = client.build('cr', request());
    const answers = [await client.exchange(first), await client.exchange(first)];
    const [one, two] = answers.map((answer) => certificateOf(answer));
    assert.deepEqual(one, two);
    const contents = answers.map(({ header, bodyContent }) => [header.senderNonce, header.generalInfo, bodyContent]);
    assert.deepEqual(contents[1], contents[0]);
    const word = client.build('certConf', accepted(present(one, 'a certificate')));
    for (const _ of [1, 2]) assert.equal((await client.exchange(word)).bodyKind, 'pkiconf');
    assert.deepEqual(certificateOf(await client.exchange(first)), one);
    assert.equal(bench.signed(), 1);
    assert.deepEqual(await auditOf(), ['cmp.confirmed']);
  });

  it('is one of two with the same octets at once', async () => {
    const client = bench.client();
    const first = client.build('cr', request());
    await Promise.all([1, 2, 3].map(() => client.exchange(first)));
    assert.equal(bench.signed(), 1);
  });

  it('cannot begin twice with other octets', async () => {
    const client = bench.client();
    await client.ask('cr', request());
    const other = outcomeOf(await client.ask('cr', request('APP-2'), { header: { recipNonce: null } }));
    assert.deepEqual([other.bodyKind, other.failInfo], ['error', ['transactionIdInUse']]);
    assert.equal(bench.signed(), 1);
  });

  it('keeps a refusal, which has the same answer again', async () => {
    const client = bench.client();
    const first = client.build('cr', [{ ...present(request()[0], 'a request'), proof: null }]);
    for (const _ of [1, 2]) {
      const { status, failInfo } = outcomeOf(await client.exchange(first));
      assert.deepEqual([status, failInfo], ['rejection', ['badPOP']]);
    }
    assert.equal((await rowOf(client)).state, 'refused');
  });

  it('revokes a certificate that the client rejects, or whose hash is wrong', async () => {
    const rejecting = bench.client();
    await rejecting.ask('cr', request());
    assert.equal((await rejecting.ask('certConf', [])).bodyKind, 'pkiconf');
    assert.deepEqual(await stateOf(rejecting), ['rejected', 'revoked']);
    const wrong = bench.client();
    await wrong.ask('cr', request('APP-2'));
    const word = wrong.build('certConf', accepted(new Uint8Array(9)));
    for (const _ of [1, 2]) assert.deepEqual(outcomeOf(await wrong.exchange(word)).failInfo, ['badCertId']);
    assert.deepEqual(await stateOf(wrong), ['rejected', 'revoked']);
    assert.deepEqual(await auditOf(), ['cmp.rejected', 'cmp.rejected']);
  });

  it('lapses, revokes what nobody confirmed, and names the time to a late client', async () => {
    const client = bench.client();
    const answer = await client.ask('cr', request());
    time.now += 5 * MINUTE_MS + SECOND_MS;
    assert.equal(unwrap(await lapseTransactions(bench.world)), false);
    assert.deepEqual(await stateOf(client), ['lapsed', 'revoked']);
    const late = await confirmed(client, answer);
    assert.deepEqual(late.failInfo, ['badRequest']);
    assert.match(late.text.join(), /ended at 20/);
    time.now += DAY_MS - MINUTE_MS;
    await removeTransactions(bench.world);
    assert.equal((await rowOf(client)).state, 'lapsed');
    time.now += 10 * MINUTE_MS;
    await removeTransactions(bench.world);
    await assert.rejects(rowOf(client));
  });

  it('stays pending where nobody can know of a card, and is confirmed after its time', async () => {
    const policy = testPolicy();
    const profile = present(policy.profiles.get('elementaire/org-auth-cli'), 'a profile');
    const enrolment = { ...present(profile.enrolment, 'its enrolment'), unconfirmed: 'undetermined' } as const;
    const profiles = new Map(policy.profiles).set(profile.id, { ...profile, enrolment });
    bench = await createCmpBench(bench.store, time, { ...policy, profiles });
    const client = bench.client();
    const answer = await client.ask('cr', request());
    time.now += 5 * MINUTE_MS + SECOND_MS;
    await lapseTransactions(bench.world);
    assert.deepEqual(await stateOf(client), ['lapsed', 'pending']);
    assert.equal((await confirmed(client, answer)).bodyKind, 'pkiconf');
    assert.deepEqual(await stateOf(client), ['confirmed', 'issued']);
    assert.deepEqual(await auditOf(), ['cmp.lapsed', 'cmp.confirmed']);
  });

  it('waits while the signer is away, and delivers to a poll when it is back', async () => {
    const [issuer] = bench.world.issuers.all().filter(({ authority }) => authority === 'aci-el-org');
    bench.away.add(present(issuer, 'the CA').id);
    const client = bench.client();
    const first = client.build('cr', request());
    assert.equal(outcomeOf(await client.exchange(first)).status, 'waiting');
    assert.equal(outcomeOf(await client.exchange(first)).status, 'waiting');
    assert.equal(outcomeOf(await client.ask('pollReq', [0])).status, '5 s');
    time.now += 5 * SECOND_MS;
    assert.equal(outcomeOf(await client.ask('pollReq', [0])).bodyKind, 'pollRep');
    bench.away.clear();
    time.now += MINUTE_MS;
    const poll = client.build('pollReq', [0]);
    const answer = await client.exchange(poll);
    const nonce = toHex(present(answer.header.recipNonce, 'a nonce'));
    assert.equal(nonce, (await rowOf(client)).nonces.received[0]);
    assert.equal(outcomeOf(answer).status, 'grantedWithMods');
    assert.equal((await rowOf(client)).confirmBy, time.now + 5 * MINUTE_MS);
    assert.deepEqual(certificateOf(await client.exchange(poll)), certificateOf(answer));
    assert.equal((await confirmed(client, answer)).bodyKind, 'pkiconf');
    assert.equal(bench.signed(), 1);
  });

  it('waits for an intent that its signer did not sign, which recovery finishes', async () => {
    const [issuer] = bench.world.issuers.all().filter(({ authority }) => authority === 'aci-el-org');
    const id = present(issuer, 'the CA').id;
    bench.hooks.beforeSignature = async () => {
      bench.away.add(id);
    };
    const client = bench.client();
    assert.equal(outcomeOf(await client.ask('cr', request())).status, 'waiting');
    assert.deepEqual(await stateOf(client), ['waiting', 'open']);
    bench.hooks.beforeSignature = async () => undefined;
    bench.away.clear();
    await recoverOwn(bench);
    assert.deepEqual(await stateOf(client), ['answered', 'pending']);
    const answer = await client.ask('pollReq', [0]);
    assert.equal((await confirmed(client, answer)).bodyKind, 'pkiconf');
  });

  it('is done by a poll where the client had asked for an implicit confirmation', async () => {
    const [issuer] = bench.world.issuers.all().filter(({ authority }) => authority === 'aci-el-org');
    bench.away.add(present(issuer, 'the CA').id);
    const client = bench.client();
    const implicit = { header: { generalInfo: [IMPLICIT_CONFIRM] } };
    assert.equal(outcomeOf(await client.ask('cr', request(), implicit)).status, 'waiting');
    bench.away.clear();
    time.now += 5 * SECOND_MS;
    const poll = client.build('pollReq', [0]);
    const answer = await client.exchange(poll);
    assert.deepEqual(answer.header.generalInfo, [IMPLICIT_CONFIRM]);
    assert.deepEqual(await stateOf(client), ['done', 'issued']);
    assert.deepEqual(certificateOf(await client.exchange(poll)), certificateOf(answer));
    assert.deepEqual(outcomeOf(await client.ask('pollReq', [0])).failInfo, ['badRequest']);
  });

  it('refuses a poll or a confirmation of another request, which changes nothing', async () => {
    const client = bench.client();
    const answer = await client.ask('cr', request());
    const certificate = certificateOf(answer);
    assert.deepEqual(outcomeOf(await client.ask('pollReq', [1])).failInfo, ['badRequest']);
    const nonceOf = { header: { recipNonce: answer.header.senderNonce } };
    assert.deepEqual(outcomeOf(await client.ask('pollReq', [0], nonceOf)).failInfo, ['badRequest']);
    assert.deepEqual(
      outcomeOf(
        await client.ask('certConf', accepted(certificate, -1), { header: { recipNonce: answer.header.senderNonce } }),
      ).failInfo,
      ['badRequest'],
    );
    const both = [...accepted(certificate), ...accepted(certificate)];
    assert.deepEqual(
      outcomeOf(await client.ask('certConf', both, { header: { recipNonce: answer.header.senderNonce } })).failInfo,
      ['badRequest'],
    );
    const nonce = { header: { recipNonce: answer.header.senderNonce } };
    assert.equal((await client.ask('certConf', accepted(certificate), nonce)).bodyKind, 'pkiconf');
  });

  it('renews a certificate that signs its update, and revokes one that asks for it', async () => {
    const key = makeKey();
    const client = bench.client();
    const certificate = certificateOf(
      await client.ask('cr', request('APP-1', key), { header: { generalInfo: [IMPLICIT_CONFIRM] } }),
    );
    const record = await recordOf(client);
    const chain = bench.world.issuers.chain(record.issuer).slice(0, -1);
    const self = { certificate, key, chain };
    const next = makeKey();
    const update = bench.client(self);
    const answer = await update.ask('kur', [certReqMsg(next, templateFor(next, []))]);
    assert.equal(outcomeOf(answer).bodyKind, 'kup');
    assert.deepEqual(await stateOf(update), ['answered', 'pending']);
    assert.equal((await confirmed(update, answer)).bodyKind, 'pkiconf');
    assert.deepEqual(await stateOf(update), ['confirmed', 'issued']);
    const renewed = { certificate: certificateOf(answer), key: next, chain };
    const revoking = bench.client(renewed);
    const old = await bench.client(renewed).ask('rr', [{ template: revocationOf(certificate), crlEntryDetails: [] }]);
    assert.deepEqual(outcomeOf(old).failInfo, ['notAuthorized']);
    const gone = await revoking.ask('rr', [{ template: revocationOf(renewed.certificate), crlEntryDetails: [] }]);
    assert.deepEqual([gone.bodyKind, outcomeOf(gone).status], ['rp', 'accepted']);
    assert.equal((await recordOf(update)).state.status, 'revoked');
  });

  it('supersedes with its confirmation what it has renewed, where the profile says so', async () => {
    bench = await createCmpBench(await opened({ clock: () => time.now }), time, superseding(testPolicy()));
    const [key, next] = [makeKey(), makeKey()];
    const client = bench.client();
    const certificate = certificateOf(
      await client.ask('cr', request('APP-1', key), { header: { generalInfo: [IMPLICIT_CONFIRM] } }),
    );
    const { issuer } = await recordOf(client);
    const update = bench.client({ certificate, key, chain: bench.world.issuers.chain(issuer).slice(0, -1) });
    const answer = await update.ask('kur', [certReqMsg(next, templateFor(next, []))]);
    assert.deepEqual(await stateOf(client), ['done', 'issued'], 'the new one is pending');
    assert.equal((await confirmed(update, answer)).bodyKind, 'pkiconf');
    const { state } = await recordOf(client);
    assert.deepEqual([state.status, state.status === 'revoked' && state.reason], ['revoked', 'superseded']);
    assert.deepEqual(await stateOf(update), ['confirmed', 'issued']);
  });

  it('sends a certificate encrypted to a key that cannot sign, and its confirmation is the proof', async () => {
    const conf = 'elementaire/org-conf';
    const key = makeKey('rsa-3072');
    const proof = { kind: 'keyEncipherment', method: { kind: 'subsequentMessage', message: 'encrCert' } } as const;
    const asked = [certReqMsg(key, templateFor(key, cn('APP-5')), { proof })];
    const closed = await bench.client().ask('cr', asked);
    assert.deepEqual(outcomeOf(closed).failInfo, ['badPOP']);
    for (const [pvno, form] of [
      [2, 'encryptedValue'],
      [3, 'envelopedData'],
    ] as const) {
      const other = makeKey('rsa-3072');
      const client = bench.client(undefined, conf);
      const request = [certReqMsg(other, templateFor(other, cn(`APP-${pvno}`)), { proof })];
      const answer = await client.ask('cr', request, { header: { pvno, generalInfo: [IMPLICIT_CONFIRM] } });
      assert.equal(outcomeOf(answer).certificate?.kind, form);
      assert.deepEqual(await stateOf(client), ['answered', 'pending']);
      const word = accepted(certificateIn(bench.world, await recordOf(client)));
      assert.equal((await client.ask('certConf', word, { header: { pvno } })).bodyKind, 'pkiconf');
      assert.deepEqual(await stateOf(client), ['confirmed', 'issued']);
    }
  });

  it('gives a registration its use back when its certificate is rejected', async () => {
    const { holder } = orderFor('elementaire/org-auth-cli');
    const one = registration(1, {
      holder: holder as unknown as Json,
      card: null,
      identity: null,
      accountId: bench.account.id,
      secretKey: present([...bench.world.registrationKeys.keys()][0], 'a key'),
      holderId: '10B0057881/INSI-MANU',
      keyOrigin: null,
      createdAt: NOW - DAY_MS,
      expiresAt: NOW + DAY_MS,
      uses: [{ profile: 'elementaire/org-auth-cli', certificateId: null }],
    });
    const credentials = await bench.registered(one);
    const usesOf = async () =>
      unwrap(await bench.store.read((reads) => reads.registration(one.id)))?.uses[0]?.certificateId;
    const key = makeKey();
    const client = bench.client(credentials);
    const answer = await client.ask('ir', [certReqMsg(key, templateFor(key, []))]);
    assert.equal(outcomeOf(answer).status, 'accepted');
    assert.notEqual(await usesOf(), null);
    const again = makeKey();
    const second = await bench.client(credentials).ask('ir', [certReqMsg(again, templateFor(again, []))]);
    assert.deepEqual(outcomeOf(second).failInfo, ['badRequest']);
    await client.ask('certConf', []);
    assert.equal(await usesOf(), null);
    const third = bench.client(credentials);
    assert.equal(
      (await confirmed(third, await third.ask('ir', [certReqMsg(again, templateFor(again, []))]))).bodyKind,
      'pkiconf',
    );
  });

  it('is refused where a principal has too many that have not ended', async () => {
    const rows = Array.from({ length: 1_000 }, (_, at) => cmpTransaction(at + 1));
    unwrap(await bench.store.transaction((tx) => tx.insertCmpTransactions(rows)));
    const refused = outcomeOf(await bench.client().ask('cr', request('APP-2')));
    assert.deepEqual(refused.failInfo, ['systemFailure']);
    assert.match(refused.text.join(), /1000 transactions/);
  });

  it('refuses what a template must not have, each with its failInfo', async () => {
    const key = makeKey();
    const template = (other: object) => [certReqMsg(key, templateFor(key, cn('APP'), other))];
    const cases: readonly (readonly [
      string,
      Parameters<typeof certReqMsg>[1] extends never ? never : ReturnType<typeof template>,
      string,
    ])[] = [
      ['version', template({ version: 1 }), 'badCertTemplate'],
      ['serialNumber', template({ serialNumber: Uint8Array.of(1) }), 'badCertTemplate'],
      ['issuer', template({ issuer: templateFor(key, cn('another CA')).subject }), 'badCertTemplate'],
      ['no subject', template({ subject: null }), 'badCertTemplate'],
      ['empty subject', template({ subject: templateFor(key, []).subject }), 'badCertTemplate'],
      ['no key', template({ publicKey: null }), 'badCertTemplate'],
      ['certReqId', [certReqMsg(key, templateFor(key, cn('APP')), { certReqId: 1 })], 'badRequest'],
      ['two requests', [...template({}), ...template({})], 'badRequest'],
      [
        'raVerified',
        [certReqMsg(key, templateFor(key, cn('APP')), { proof: { kind: 'raVerified' } })],
        'notAuthorized',
      ],
      ['another key', [certReqMsg(makeKey(), templateFor(key, cn('APP')))], 'badPOP'],
      [
        'a control',
        [
          certReqMsg(key, templateFor(key, cn('APP')), {
            controls: [{ oid: '1.3.6.1.5.5.7.5.1.1', value: Uint8Array.of(12, 0) }],
          }),
        ],
        'badRequest',
      ],
    ];
    for (const [title, messages, failInfo] of cases) {
      const { status, failInfo: found } = outcomeOf(await bench.client().ask('cr', messages));
      assert.deepEqual([status, found], ['rejection', [failInfo]], title);
    }
    assert.equal(bench.signed(), 0);
  });
});
