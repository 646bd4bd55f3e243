/**
 * Messages of CMP that come at the same time, before the database knows their transaction. Without
 * these tests one transaction could get the certificate of another request, and a client whose
 * message was delivered twice could be told that it had failed.
 */
import assert from 'node:assert/strict';
import type { BodyValues } from '../../../src/cmp/model.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, toHex } from '../../../src/kernel/bytes.js';
import { SECOND_MS } from '../../../src/kernel/duration.js';
import { err } from '../../../src/kernel/result.js';
import { revokeRecords } from '../../../src/operations/revocation/revoke-records.js';
import { createCmpBench } from '../../support/cmp/bench.js';
import {
  type CmpClient,
  certReqMsg,
  cn,
  IMPLICIT_CONFIRM,
  outcomeOf,
  sha256,
  templateFor,
  viewOf,
} from '../../support/cmp/client.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { recoverOwn } from '../../support/orders/order-bench.js';
import { makeKey } from '../../support/service/csr.js';
import { NOW } from '../../unit/policy/fixtures.js';

describeOnEach('messages of CMP at once', ({ opened }) => {
  let bench: Awaited<ReturnType<typeof createCmpBench>>;
  const time = { now: NOW };
  beforeEach(async () => {
    time.now = NOW;
    bench = await createCmpBench(await opened({ clock: () => time.now }), time);
  });

  const implicit = { header: { generalInfo: [IMPLICIT_CONFIRM] } };
  const request = (name: string): BodyValues['cr'] => {
    const key = makeKey();
    return [certReqMsg(key, templateFor(key, cn(name)))];
  };
  const together = (client: CmpClient, messages: readonly Bytes[]) =>
    Promise.all(messages.map((message) => client.exchange(message)));
  const summaryOf = (answer: Parameters<typeof outcomeOf>[0]) => {
    const { bodyKind, status, failInfo } = outcomeOf(answer);
    return [bodyKind, status, ...failInfo].join(' ');
  };
  const certificateOf = (answer: Parameters<typeof outcomeOf>[0]) =>
    present(outcomeOf(answer).certificate, JSON.stringify(outcomeOf(answer))).der;
  const commonNameOf = (certificate: Bytes) => viewOf(certificate).tbs.subject.at(-1)?.[0]?.value;
  const idOf = async ({ transactionID }: CmpClient) => {
    const found = await bench.store.read((reads) => reads.cmpTransactionsByIds([toHex(transactionID)], 1));
    return present(unwrap(found)[0]?.certificateId, 'the certificate of a transaction');
  };

  it('with one transactionID are one transaction, which issues what its own message asks for', async () => {
    const client = bench.client();
    const names = ['APP-1', 'APP-2'];
    const messages = names.map((name) => client.build('cr', request(name), implicit));
    const issuer = bench.world.issuers.all().find(({ authority }) => authority === 'aci-el-org');
    bench.away.add(present(issuer, 'the CA of the profile').id);
    const answers = await together(client, messages);
    const [first = 0] = answers.flatMap((answer, at) => (outcomeOf(answer).status === 'waiting' ? [at] : []));
    assert.deepEqual(answers.map(summaryOf).sort(), ['cp waiting', 'error rejection transactionIdInUse']);
    bench.away.clear();
    time.now += 5 * SECOND_MS;
    const recipNonce = answers[first]?.header.senderNonce ?? null;
    const polled = await client.ask('pollReq', [0], { header: { recipNonce } });
    assert.equal(commonNameOf(certificateOf(polled)), names[first]);
  });

  it('that are copies of one request get one certificate', async () => {
    const client = bench.client();
    const key = makeKey();
    const message = client.build('cr', [certReqMsg(key, templateFor(key, cn('APP-1')))], implicit);
    const copies = await together(client, [message, message, message]);
    const summaries = copies.map(summaryOf);
    assert.ok(summaries.includes('cp grantedWithMods'), summaries.join());
    for (const summary of summaries) assert.ok(summary === 'cp grantedWithMods' || summary === 'cp waiting', summary);
    const later = await together(client, [message, message]);
    assert.deepEqual(later.map(summaryOf), ['cp grantedWithMods', 'cp grantedWithMods']);
    const accepted = [...copies, ...later].filter((answer) => summaryOf(answer) === 'cp grantedWithMods');
    assert.equal(new Set(accepted.map((answer) => toHex(certificateOf(answer)))).size, 1);
    const spki = sha256(key.publicKey.export({ type: 'spki', format: 'der' }));
    const stored = unwrap(await bench.store.read((reads) => reads.certificatesByKeys([toHex(spki)])));
    assert.equal(stored.length, 1);
  });

  it('that are copies of a refused request get one answer', async () => {
    const client = bench.client();
    const message = client.build('cr', [{ ...present(request('APP-1')[0], 'a request'), proof: null }]);
    const answers = await together(client, [message, message, message]);
    assert.deepEqual(answers.map(summaryOf), Array(3).fill('cp rejection badPOP'));
  });

  it('that are copies of a confirmation get one answer, right or wrong', async () => {
    for (const [name, right] of [
      ['APP-1', true],
      ['APP-2', false],
    ] as const) {
      const client = bench.client();
      const hash = sha256(certificateOf(await client.ask('cr', request(name))));
      const certHash = right ? hash : hash.toReversed();
      const word = client.build('certConf', [{ certHash, certReqId: 0, status: null, hashAlg: null }]);
      const answers = await together(client, [word, word, word]);
      const expected = right ? 'pkiconf pkiconf' : 'error rejection badCertId';
      assert.deepEqual(answers.map(summaryOf), Array(3).fill(expected));
    }
    const entries = (await storedAudit(bench.store)).filter(({ type }) => /^cmp/.test(type));
    assert.deepEqual(
      entries.map(({ type }) => type),
      ['cmp.confirmed', 'cmp.rejected'],
    );
  });

  it('answers a request whose intent is revoked while it is signed with the rejection of its transaction', async () => {
    const client = bench.client();
    bench.hooks.beforeSignature = async () => {
      const id = await idOf(client);
      const cause = { reason: 'keyCompromise', actor: 'system', at: time.now } as const;
      const revoked = await bench.store.transaction(async (tx) =>
        revokeRecords(tx, [present(await tx.lockCertificate(id), 'an intent')], cause),
      );
      assert.equal(unwrap(revoked).length, 1);
    };
    const message = client.build('cr', request('APP-1'));
    assert.equal(summaryOf(await client.exchange(message)), 'cp rejection systemFailure');
    assert.equal(summaryOf(await client.exchange(message)), 'cp rejection systemFailure');
  });

  it('lets a client poll whose request the signer has refused, until the intent is given up', async () => {
    const client = bench.client();
    const refusal = { kind: 'signer-refused', rule: 'certificate', detail: 'refused' };
    Object.assign(bench.world.signer, { certificate: async () => err(refusal) });
    assert.equal(summaryOf(await client.ask('cr', request('APP-1'))), 'cp waiting');
    await recoverOwn(bench);
    assert.equal(summaryOf(await client.ask('pollReq', [0])), 'cp rejection systemFailure');
  });
});
