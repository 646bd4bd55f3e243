/**
 * Updates by CMP, and a signer that is slow. Without these tests a thief could keep the successor
 * of a key that its owner has reported, and a client would hold its connection as long as a signer
 * needs.
 */
import assert from 'node:assert/strict';
import { deferred } from '../../../hsm/deferred.js';
import { OID } from '../../../src/asn1/oids.js';
import { encodeCertId } from '../../../src/cmp/bodies.js';
import { directoryName } from '../../../src/cmp/elements.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, toHex } from '../../../src/kernel/bytes.js';
import { DAY_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { err } from '../../../src/kernel/result.js';
import { releaseCertificate, suspendCertificate } from '../../../src/operations/revocation/revoke.js';
import type { World } from '../../../src/operations/world.js';
import type { Store } from '../../../src/ports/store.js';
import type { Name } from '../../../src/x509/model.js';
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
import { endlessPatience } from '../../support/cmp/cmp-parts.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { superseding } from '../../support/enrolment/superseding.js';
import { recoverOwn } from '../../support/orders/order-bench.js';
import { makeKey } from '../../support/service/csr.js';
import { NOW, testPolicy } from '../../unit/policy/fixtures.js';

const SIGN_KEY_TYPES = '1.3.6.1.5.5.7.4.2';
const OLD_CERT_ID = '1.3.6.1.5.5.7.5.1.5';

describeOnEach('an update by CMP', ({ opened }) => {
  let bench: Awaited<ReturnType<typeof createCmpBench>>;
  const time = { now: NOW };
  beforeEach(async () => {
    time.now = NOW;
    bench = await createCmpBench(await opened({ clock: () => time.now }), time);
  });

  const certificateIn = (answer: Parameters<typeof outcomeOf>[0]): Bytes =>
    present(outcomeOf(answer).certificate, JSON.stringify(outcomeOf(answer))).der;

  async function transactionOf({ transactionID }: CmpClient) {
    const found = await bench.store.read((reads) => reads.cmpTransactionsByIds([toHex(transactionID)], 1));
    const { state, certificateId } = present(unwrap(found)[0], 'a row');
    const record = await bench.store.read((reads) => reads.certificateById(certificateId ?? ''));
    return { state, record: present(unwrap(record), 'a record') };
  }

  /** A certificate that acts for itself, and clients that sign with it. */
  async function own() {
    const key = makeKey();
    const client = bench.client();
    const implicit = { header: { generalInfo: [IMPLICIT_CONFIRM] } };
    const certificate = certificateIn(await client.ask('cr', [certReqMsg(key, templateFor(key, cn('APP')))], implicit));
    const { record } = await transactionOf(client);
    const chain = bench.world.issuers.chain(record.issuer).slice(0, -1);
    return { certificate, key, first: client, sign: () => bench.client({ certificate, key, chain }) };
  }

  const updateOf = (controls: readonly { readonly oid: string; readonly value: Bytes }[] = []) => {
    const next = makeKey();
    return [certReqMsg(next, templateFor(next, []), { controls })];
  };

  it('names by oldCertID the certificate that signs it, or none', async () => {
    const { certificate, sign } = await own();
    const { issuer, serialOctets } = viewOf(certificate).tbs;
    const named = (serialNumber: Bytes) => ({
      oid: OLD_CERT_ID,
      value: encodeCertId({ issuer: directoryName(issuer), serialNumber }),
    });
    const right = named(serialOctets);
    for (const wrong of [[named(Uint8Array.of(9))], [right, right]])
      assert.deepEqual(outcomeOf(await sign().ask('kur', updateOf(wrong))).failInfo, ['badCertId']);
    assert.equal(viewOf(certificateIn(await sign().ask('kur', updateOf([right])))).tbs.issuer.length, issuer.length);
  });

  it('ends with the report of the key that has signed it, before its confirmation', async () => {
    const { certificate, first, sign } = await own();
    const update = sign();
    const answer = await update.ask('kur', updateOf());
    const reason = { oid: OID.reasonCode, critical: false, value: Uint8Array.of(0x0a, 0x01, 0x01) };
    const report = [{ template: revocationOf(certificate), crlEntryDetails: [reason] }];
    assert.equal(outcomeOf(await sign().ask('rr', report)).status, 'accepted');
    for (const client of [first, update]) {
      const { state } = (await transactionOf(client)).record;
      assert.deepEqual([state.status, state.status === 'revoked' && state.reason], ['revoked', 'keyCompromise']);
    }
    const word = [{ certHash: sha256(certificateIn(answer)), certReqId: 0, status: null, hashAlg: null }];
    assert.deepEqual(outcomeOf(await update.ask('certConf', word)).failInfo, ['certRevoked']);
  });

  it('is refused while another one is not confirmed, and when it was', async () => {
    const { sign } = await own();
    const update = sign();
    const answer = await update.ask('kur', updateOf());
    for (const refused of [
      await sign().ask('kur', updateOf()),
      await sign().ask('genm', [{ oid: SIGN_KEY_TYPES, value: null }]),
    ])
      assert.deepEqual([refused.bodyKind, outcomeOf(refused).failInfo], ['error', ['badRequest']]);
    const word = [{ certHash: sha256(certificateIn(answer)), certReqId: 0, status: null, hashAlg: null }];
    assert.equal((await update.ask('certConf', word)).bodyKind, 'pkiconf');
    assert.deepEqual(outcomeOf(await sign().ask('kur', updateOf())).failInfo, ['certRevoked']);
  });

  it('is refused to a certificate that is suspended or has expired', async () => {
    const { first, sign } = await own();
    const { record } = await transactionOf(first);
    const ask = async () => {
      const { bodyKind, failInfo } = outcomeOf(await sign().ask('kur', updateOf()));
      return [bodyKind, ...failInfo].join(' ');
    };
    const { account } = bench;
    unwrap(await suspendCertificate(bench.world, record.id, { account, invalidityDate: null }));
    assert.equal(await ask(), 'error certRevoked');
    unwrap(await releaseCertificate(bench.world, record.id, { account }));
    time.now = record.notAfter + SECOND_MS;
    assert.equal(await ask(), 'error signerNotTrusted');
    time.now = record.notAfter;
    assert.equal(await ask(), 'kup');
  });

  it('is refused for another subject, for a key that has a certificate, and before its time', async () => {
    const asked = async ({ sign }: Awaited<ReturnType<typeof own>>, next = makeKey(), subject: Name = []) => {
      const request = [certReqMsg(next, templateFor(next, subject))];
      const { status, failInfo, text } = outcomeOf(await sign().ask('kur', request));
      return { outcome: [status, ...failInfo].join(' '), text: text.join(' ') };
    };
    const one = await own();
    const refusals = [
      [await asked(one, makeKey(), cn('OTHER')), /CN|common/i],
      [await asked(one, one.key), /renewal-with-new-key/],
      [await asked(one, (await own()).key), /renewal-with-new-key/],
    ] as const;
    for (const [{ outcome, text }, why] of refusals) {
      assert.equal(outcome, 'rejection badCertTemplate', text);
      assert.match(text, why);
    }
    const request = [certReqMsg(one.key, templateFor(one.key, cn('APP')))];
    const other = outcomeOf(await bench.client().ask('cr', request));
    assert.deepEqual([other.status, other.failInfo], ['rejection', ['badCertTemplate']]);
    assert.match(other.text.join(), /key-certified-already/);
    const policy = testPolicy();
    const environment = { ...policy.environment, renewalAnyTime: false };
    bench = await createCmpBench(bench.store, time, { ...policy, environment });
    const late = await own();
    const early = await asked(late);
    assert.equal(early.outcome, 'rejection badCertTemplate');
    assert.match(early.text, /renewal-window/);
    time.now = (await transactionOf(late.first)).record.notAfter - 90 * DAY_MS;
    assert.equal((await asked(late)).outcome, 'accepted');
  });

  it('announces what it has revoked, also where the answer to the commit is lost', async () => {
    bench = await createCmpBench(await opened({ clock: () => time.now }), time, superseding(testPolicy()));
    const { store } = bench;
    for (const header of [{}, { generalInfo: [IMPLICIT_CONFIRM] }]) {
      const { certificate, first, sign } = await own();
      const update = sign();
      const announced: string[] = [];
      const statusChanged: World['statusChanged'] = (all) => void announced.push(...all.map(({ serial }) => serial));
      const groupedTransaction: Store['groupedTransaction'] = async (...work) => {
        const done = await store.groupedTransaction(...work);
        const { status } = (await transactionOf(first)).record.state;
        return status === 'revoked' ? err({ kind: 'database-unavailable', retryAfterMs: 1_000, detail: 'lost' }) : done;
      };
      Object.assign(bench.world, { statusChanged, store: { ...store, groupedTransaction } });
      const answer = await update.ask('kur', updateOf(), { header });
      if (!('generalInfo' in header)) {
        const word = [{ certHash: sha256(certificateIn(answer)), certReqId: 0, status: null, hashAlg: null }];
        assert.deepEqual(outcomeOf(await update.ask('certConf', word)).failInfo, ['systemUnavail']);
      }
      assert.equal((await transactionOf(first)).record.state.status, 'revoked');
      assert.deepEqual(announced, [toHex(viewOf(certificate).tbs.serialOctets)]);
      Object.assign(bench.world, { store });
    }
  });

  it('that has revoked what it has replaced is answered again, and polled for, where the answer was lost', async () => {
    bench = await createCmpBench(await opened({ clock: () => time.now }), time, superseding(testPolicy()));
    const implicit = { header: { generalInfo: [IMPLICIT_CONFIRM] } };
    const explicit = await own();
    const update = explicit.sign();
    const answer = await update.ask('kur', updateOf());
    const word = { certHash: sha256(certificateIn(answer)), certReqId: 0, status: null, hashAlg: null };
    const confirmation = update.build('certConf', [word]);
    for (const _ of [1, 2]) assert.equal((await update.exchange(confirmation)).bodyKind, 'pkiconf');
    assert.equal((await transactionOf(explicit.first)).record.state.status, 'revoked');
    const { sign } = await own();
    const repeated = sign();
    const octets = repeated.build('kur', updateOf(), implicit);
    const certificate = certificateIn(await repeated.exchange(octets));
    assert.deepEqual(certificateIn(await repeated.exchange(octets)), certificate);
    const late = await own();
    const polling = late.sign();
    bench.hooks.beforeSignature = async () => {
      bench.away.add((await transactionOf(late.first)).record.issuer);
    };
    assert.equal(outcomeOf(await polling.ask('kur', updateOf(), implicit)).status, 'waiting');
    bench.hooks.beforeSignature = async () => undefined;
    bench.away.clear();
    await recoverOwn(bench);
    assert.equal((await transactionOf(late.first)).record.state.status, 'revoked');
    assert.equal(outcomeOf(await polling.ask('pollReq', [0])).bodyKind, 'kup');
    // A certificate that is revoked asks for the revocation of no other one either.
    const other = [{ template: revocationOf(explicit.certificate), crlEntryDetails: [] }];
    for (const refused of [
      await late.sign().ask('kur', updateOf()),
      await late.sign().ask('genm', [{ oid: SIGN_KEY_TYPES, value: null }]),
      await late.sign().ask('rr', other),
    ])
      assert.deepEqual(outcomeOf(refused).failInfo, ['certRevoked']);
  });

  it('or another request whose signer is slow is told to poll, and signed once', async () => {
    const [begun, released] = [deferred<void>(), deferred<void>()];
    bench.hooks.beforeSignature = async () => {
      begun.resolve();
      await released.promise;
    };
    const cmpParts = { ...bench.world.cmpParts, patience: () => ({ over: begun.promise, end: () => undefined }) };
    const lines: unknown[][] = [];
    const log = { ...bench.world.log, info: (...line: unknown[]) => void lines.push(line) };
    Object.assign(bench.world, { cmpParts, log });
    const client = bench.client();
    const key = makeKey();
    const before = bench.signed();
    const octets = client.build('ir', [certReqMsg(key, templateFor(key, cn('SLOW')))]);
    assert.equal(outcomeOf(await client.exchange(octets)).status, 'waiting');
    const { state, record } = await transactionOf(client);
    assert.deepEqual([state, record.state.status], ['waiting', 'open']);
    Object.assign(bench.world, { cmpParts: { ...cmpParts, patience: endlessPatience } });
    assert.deepEqual([bench.later.length, lines], [1, []], 'its place is taken until its end');
    released.resolve();
    await Promise.all(bench.later);
    assert.equal((await transactionOf(client)).state, 'answered');
    const transaction = toHex(client.transactionID);
    assert.deepEqual(lines, [
      ['cmp.issued-late', { principal: `account:${bench.account.id}`, transaction, id: record.id }],
    ]);
    time.now += 5 * SECOND_MS;
    const certificate = certificateIn(await client.ask('pollReq', [0]));
    assert.deepEqual(certificateIn(await client.exchange(octets)), certificate);
    assert.equal(bench.signed(), before + 1);
  });
});
