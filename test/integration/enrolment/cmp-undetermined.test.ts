/**
 * Transactions of CMP whose certificates nobody confirmed in time, and whose profile says that they
 * stay as they are. Without these tests an alarm about them could never end, and their rows would
 * count as open and stay for ever.
 */
import assert from 'node:assert/strict';
import { present } from '../../../src/kernel/assert.js';
import { toHex } from '../../../src/kernel/bytes.js';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { lapseTransactions, removeTransactions } from '../../../src/operations/cmp/lapse.js';
import { revokeCertificate } from '../../../src/operations/revocation/revoke.js';
import { createCmpBench, ORGANISATION } from '../../support/cmp/bench.js';
import { type CmpClient, certReqMsg, cn, outcomeOf, sha256, templateFor } from '../../support/cmp/client.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { makeKey } from '../../support/service/csr.js';
import { NOW, testPolicy } from '../../unit/policy/fixtures.js';

function undeterminedPolicy() {
  const policy = testPolicy();
  const profile = present(policy.profiles.get(ORGANISATION), 'a profile');
  const enrolment = { ...present(profile.enrolment, 'its enrolment'), unconfirmed: 'undetermined' } as const;
  return { ...policy, profiles: new Map(policy.profiles).set(profile.id, { ...profile, enrolment }) };
}

describeOnEach('an undetermined transaction of CMP', ({ opened }) => {
  let bench: Awaited<ReturnType<typeof createCmpBench>>;
  const time = { now: NOW };
  beforeEach(async () => {
    time.now = NOW;
    bench = await createCmpBench(await opened({ clock: () => time.now }), time, undeterminedPolicy());
  });

  const rowOf = async ({ transactionID }: CmpClient) =>
    unwrap(await bench.store.read((reads) => reads.cmpTransactionsByIds([toHex(transactionID)], 1)))[0] ?? null;
  const undetermined = async () => unwrap(await bench.store.read((reads) => reads.cmpTotals())).undetermined;

  /** A client whose confirmation is late. */
  async function late() {
    const key = makeKey();
    const client = bench.client();
    const answer = await client.ask('cr', [certReqMsg(key, templateFor(key, cn('APP')))]);
    const certificate = present(outcomeOf(answer).certificate, 'a certificate').der;
    time.now += 5 * MINUTE_MS + SECOND_MS;
    unwrap(await lapseTransactions(bench.world));
    assert.equal(await undetermined(), 1);
    const id = present((await rowOf(client))?.certificateId, 'its certificate');
    const record = present(unwrap(await bench.store.read((reads) => reads.certificateById(id))), 'its record');
    return { client, certificate, record };
  }

  async function ends({ client, certificate }: Awaited<ReturnType<typeof late>>) {
    unwrap(await lapseTransactions(bench.world));
    assert.equal(await undetermined(), 0);
    assert.deepEqual(await rowOf(client).then((row) => [row?.state, row?.endedAt]), ['lapsed', time.now]);
    const word = [{ certHash: sha256(certificate), certReqId: 0, status: null, hashAlg: null }];
    assert.deepEqual(outcomeOf(await client.ask('certConf', word)).failInfo, ['badRequest']);
    time.now += DAY_MS + SECOND_MS;
    unwrap(await removeTransactions(bench.world));
    assert.equal(await rowOf(client), null);
  }

  it('ends when an officer has revoked its certificate', async () => {
    const found = await late();
    unwrap(await lapseTransactions(bench.world));
    assert.equal(await undetermined(), 1, 'it may still be confirmed');
    const command = { account: bench.account, reason: 'cessationOfOperation', invalidityDate: null } as const;
    unwrap(await revokeCertificate(bench.world, found.record.id, command));
    await ends(found);
  });

  it('ends when its certificate has expired', async () => {
    const found = await late();
    time.now = found.record.notAfter + SECOND_MS;
    await ends(found);
  });
});
