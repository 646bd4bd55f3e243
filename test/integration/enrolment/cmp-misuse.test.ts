/**
 * Clients of CMP that try to get more than they may. Without these tests a certificate could be
 * confirmed without its key, and a message could make the service fail.
 */
import assert from 'node:assert/strict';
import { renderCertificate } from '../../../src/http/api/render.js';
import { present } from '../../../src/kernel/assert.js';
import { toHex } from '../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { lapseTransactions } from '../../../src/operations/cmp/lapse.js';
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
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { makeKey } from '../../support/service/csr.js';
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
    const [row] = unwrap(await bench.store.read((reads) => reads.cmpTransactionsById(toHex(transactionID), 9)));
    const { state, certificateId } = present(row, 'a row');
    const record = unwrap(await bench.store.read((reads) => reads.certificateById(certificateId ?? '')));
    return { state, record: present(record, 'a record') };
  };

  const certificateOf = (answer: Parameters<typeof outcomeOf>[0]) =>
    present(outcomeOf(answer).certificate, 'a certificate').der;

  it('learns no octet of a certificate that is sent encrypted, before its key is proven', async () => {
    const key = makeKey('rsa-3072');
    const proof = { kind: 'keyEncipherment', method: { kind: 'subsequentMessage', message: 'encrCert' } } as const;
    const client = bench.client(undefined, 'elementaire/org-conf');
    await client.ask('cr', [certReqMsg(key, templateFor(key, cn('APP-1')), { proof })]);
    const { state, record } = await transactionOf(client);
    assert.deepEqual([state, record.state.status], ['answered', 'pending']);
    assert.equal(renderCertificate(bench.world, record).certificate, '');
    assert.notEqual(renderCertificate(bench.world, { ...record, state: { status: 'issued' } }).certificate, '');
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

  it('gets back at most 500 characters of an identifier that it has sent', async () => {
    const key = makeKey();
    const oid = `1.2.${Array.from({ length: 8_000 }, () => '127').join('.')}`;
    const extensions = [1, 2].map(() => ({ oid, critical: false, value: new Uint8Array([5, 0]) }));
    const answer = await bench.client().ask('cr', [certReqMsg(key, templateFor(key, cn('APP-1'), { extensions }))]);
    assert.equal(outcomeOf(answer).status, 'rejection');
    assert.ok(answer.octets.length < 2_000, `${answer.octets.length} octets`);
  });
});
