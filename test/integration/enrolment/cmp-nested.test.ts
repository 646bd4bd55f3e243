/**
 * Messages inside nested ones. Without these tests an account could vouch for holders outside of
 * its scope, or a batch could give its messages a right that they do not have.
 */
import assert from 'node:assert/strict';
import { decodeBody } from '../../../src/cmp/bodies.js';
import { decodeMessage } from '../../../src/cmp/message.js';
import type { PkiMessage } from '../../../src/cmp/model.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, toHex } from '../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import type { Json } from '../../../src/kernel/json.js';
import { createCmpBench, ORGANISATION } from '../../support/cmp/bench.js';
import { type CmpClient, certReqMsg, cn, IMPLICIT_CONFIRM, outcomeOf, templateFor } from '../../support/cmp/client.js';
import { createCertificate, createOffice, type Office } from '../../support/cmp/office.js';
import { cmpTransaction } from '../../support/cmp/transactions.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { registration } from '../../support/enrolment/registrations.js';
import { makeKey } from '../../support/service/csr.js';
import { NOW, orderFor } from '../../unit/policy/fixtures.js';

/** The type signKeyPairTypes of genm. */
const SIGN_KEY_TYPES = '1.3.6.1.5.5.7.4.2';
const STRUCTURE = '10B0057881';

describeOnEach('a nested message of CMP', ({ opened }) => {
  let bench: Awaited<ReturnType<typeof createCmpBench>>;
  let office: Office['client'];
  const time = { now: NOW };
  const implicit = { header: { generalInfo: [IMPLICIT_CONFIRM] } };
  const request = (name: string) => {
    const key = makeKey();
    return [certReqMsg(key, templateFor(key, cn(name)))];
  };

  const nest = (outer: CmpClient, messages: readonly Bytes[], header: object = {}) =>
    outer.ask('nested', messages, { header });
  const headerOf = (octets: Bytes) => unwrap(decodeMessage(octets)).header;
  const added = (octets: Bytes) => {
    const { transactionID, senderNonce } = headerOf(octets);
    return { transactionID, senderNonce };
  };
  const failInfoOf = (answer: PkiMessage) => outcomeOf(answer).failInfo;

  beforeEach(async () => {
    time.now = NOW;
    bench = await createCmpBench(await opened({ clock: () => time.now }), time);
    office = (await createOffice(bench)).client;
  });

  it('with one message of its transaction adds a protection, and is answered as the message', async () => {
    const message = bench.client().build('ir', request('APP-1'), implicit);
    const answer = await nest(office(), [message], added(message));
    assert.equal(answer.bodyKind, 'ip');
    assert.equal(outcomeOf(answer).status, 'grantedWithMods');
    assert.equal(answer.header.protectionAlg?.oid, headerOf(message).protectionAlg?.oid);
    const entries = (await storedAudit(bench.store)).filter(({ type }) => type === 'cmp.vouched');
    assert.deepEqual(
      entries.map(({ actor, details }) => [actor, details.account, details.body]),
      [['account:office', 'office', 'ir']],
    );
  });

  it('with another nonce or transaction is refused, and so is a nested message inside', async () => {
    const message = bench.client().build('ir', request('APP-1'), implicit);
    const { transactionID, senderNonce } = added(message);
    assert.deepEqual(failInfoOf(await nest(office(), [message], { transactionID })), ['badSenderNonce']);
    assert.deepEqual(failInfoOf(await nest(office(), [message], { senderNonce })), ['badRequest']);
    const inner = office().build('nested', [message], { header: added(message) });
    assert.deepEqual(failInfoOf(await nest(office(), [inner], added(message))), ['badRequest']);
  });

  it('answers each message of a batch in order, and the same batch the same again', async () => {
    const messages = ['APP-1', 'APP-2'].map((name) => bench.client().build('cr', request(name), implicit));
    const before = bench.signed();
    const client = office();
    const batch = client.build('nested', messages);
    for (const _ of [1, 2]) {
      const answer = await client.exchange(batch);
      assert.equal(answer.bodyKind, 'nested');
      const inner = unwrap(decodeBody.nested(answer.bodyContent)).map((one) => unwrap(decodeMessage(one)));
      assert.deepEqual(
        inner.map((one) => [outcomeOf(one).status, one.header.transactionID]),
        messages.map((one) => ['grantedWithMods', headerOf(one).transactionID]),
      );
    }
    assert.equal(bench.signed(), before + 2);
  });

  it('begins no more transactions in a batch than its sender may have open', async () => {
    const rows = Array.from({ length: 999 }, (_, at) => cmpTransaction(at + 1));
    unwrap(await bench.store.transaction((tx) => tx.insertCmpTransactions(rows)));
    const messages = ['APP-1', 'APP-2'].map((name) => bench.client().build('cr', request(name)));
    const answers = unwrap(decodeBody.nested((await nest(office(), messages)).bodyContent));
    const failInfos = answers.map((answer) => failInfoOf(unwrap(decodeMessage(answer))));
    assert.deepEqual(failInfos, [[], ['systemFailure']]);
  });

  it('that arrives twice at once is one batch', async () => {
    const message = bench.client().build('cr', request('APP-1'), implicit);
    const before = bench.signed();
    const client = office();
    const batch = client.build('nested', [message]);
    const answers = await Promise.all([client.exchange(batch), client.exchange(batch)]);
    assert.deepEqual(
      answers.map(({ bodyKind }) => bodyKind),
      ['nested', 'nested'],
    );
    assert.equal(bench.signed(), before + 1);
  });

  it('has no message with a fault, or none of them is served', async () => {
    const right = bench.client().build('cr', request('APP-1'), implicit);
    const late = bench.client().build('cr', request('APP-2'), { header: { messageTime: NOW - 3_600_000 } });
    const before = bench.signed();
    assert.deepEqual(failInfoOf(await nest(office(), [right, late])), ['badTime']);
    assert.deepEqual(failInfoOf(await nest(office(), [right, right])), ['badRequest']);
    const sameNonce = { header: { ...implicit.header, senderNonce: headerOf(right).senderNonce } };
    const other = bench.client().build('cr', request('APP-2'), sameNonce);
    assert.deepEqual(failInfoOf(await nest(office(), [right, other])), ['badSenderNonce']);
    assert.equal(bench.signed(), before);
  });

  it('adds a protection for holders in the scope of its account only', async () => {
    const one = registration(1, {
      holder: orderFor(ORGANISATION).holder as unknown as Json,
      identity: null,
      accountId: bench.account.id,
      secretKey: present([...bench.world.registrationKeys.keys()][0], 'a key'),
      holderId: `${STRUCTURE}/INSI-MANU`,
      structureId: STRUCTURE,
      keyOrigin: null,
      createdAt: NOW - DAY_MS,
      expiresAt: NOW + DAY_MS,
      uses: [{ profile: ORGANISATION, certificateId: null }],
    });
    const credentials = await bench.registered(one);
    const { client: self } = await createCertificate(bench);
    const [account] = unwrap(await bench.store.read((reads) => reads.accountsByIds(['office'])));
    const { scope, ...rest } = present(account, 'the account');
    const limitedTo = async (changes: Partial<typeof scope>) =>
      unwrap(await bench.store.transaction((tx) => tx.updateAccount({ ...rest, scope: { ...scope, ...changes } })));
    const messages = () => {
      const [key, next] = [makeKey(), makeKey()];
      return [
        bench.client(credentials).build('ir', [certReqMsg(key, templateFor(key, []))], implicit),
        self().build('kur', [certReqMsg(next, templateFor(next, []))], implicit),
      ];
    };
    for (const narrow of [{ structures: ['elsewhere'] }, { holders: ['elsewhere'] }, { profiles: ['fort/*'] }]) {
      await limitedTo(narrow);
      for (const message of messages())
        assert.deepEqual(failInfoOf(await nest(office(), [message], added(message))), ['notAuthorized']);
    }
    await limitedTo({ structures: [STRUCTURE], holders: [`${STRUCTURE}/*`], profiles: [ORGANISATION] });
    const bodies = [];
    for (const message of messages()) bodies.push((await nest(office(), [message], added(message))).bodyKind);
    assert.deepEqual(bodies, ['ip', 'kup']);
    const entries = (await storedAudit(bench.store)).filter(({ type }) => type === 'cmp.vouched');
    assert.deepEqual(
      entries.map(({ details }) => details.body),
      ['ir', 'kur'],
    );
  });

  it('is counted, whoever refuses it, and so are its messages', async () => {
    const counted: string[] = [];
    const answered = (body: string, failInfo: string | null) => void counted.push(`${body} ${failInfo ?? 'none'}`);
    Object.assign(bench.world, { cmpParts: { ...bench.world.cmpParts, answered } });
    const read = (header: object = {}) => office().build('genm', [{ oid: SIGN_KEY_TYPES, value: null }], { header });
    const { client: self } = await createCertificate(bench);
    const ir = bench.client().build('ir', request('APP-1'), implicit);
    const cases: readonly (readonly [string, readonly string[], () => Promise<unknown>])[] = [
      ['of a holder', ['nested notAuthorized'], () => nest(self(), [read()])],
      ['of two copies', ['nested badRequest'], () => nest(office(), [ir, ir])],
      ['with an old message', ['nested badTime'], () => nest(office(), [read(), read({ messageTime: 0 })])],
      [
        'with one message',
        ['genm none'],
        () => {
          const octets = read();
          return nest(office(), [octets], added(octets));
        },
      ],
      ['with two messages', ['genm none', 'ir none', 'nested none'], () => nest(office(), [read(), ir])],
    ];
    for (const [title, expected, send] of cases) {
      counted.length = 0;
      await send();
      assert.deepEqual(counted, expected, title);
    }
    const client = office();
    await nest(client, [read()]);
    counted.length = 0;
    assert.deepEqual(failInfoOf(await nest(client, [read()], { recipNonce: null })), ['transactionIdInUse']);
    assert.deepEqual(counted, ['nested transactionIdInUse']);
  });

  it('reads nothing in a transaction of another message, and the same again in a repeated batch', async () => {
    const client = bench.client();
    assert.equal((await client.ask('cr', request('APP-1'))).bodyKind, 'cp');
    const { transactionID } = client;
    const question = (header: object) => office().build('genm', [{ oid: SIGN_KEY_TYPES, value: null }], { header });
    const own = bench.client().build('genm', [{ oid: SIGN_KEY_TYPES, value: null }], { header: { transactionID } });
    const refused = await client.exchange(own);
    assert.deepEqual([refused.bodyKind, ...failInfoOf(refused)], ['error', 'transactionIdInUse']);
    assert.equal((await office().exchange(question({ transactionID }))).bodyKind, 'genp', 'it is of another principal');
    const asked = question({});
    const batch = office().build('nested', [asked]);
    for (const [octets, bodyKind] of [
      [asked, 'genp'],
      [batch, 'nested'],
    ] as const)
      for (const _ of [1, 2]) assert.equal((await office().exchange(octets)).bodyKind, bodyKind);
  });
});

describeOnEach('an account without the role ra', ({ opened }) => {
  it('vouches for nobody, and may send a batch', async () => {
    const time = { now: NOW };
    const bench = await createCmpBench(await opened({ clock: () => time.now }), time);
    const key = makeKey();
    const client = bench.client();
    const implicit = { header: { generalInfo: [IMPLICIT_CONFIRM] } };
    const answer = await client.ask('cr', [certReqMsg(key, templateFor(key, cn('OFFICE')))], implicit);
    const certificate = present(outcomeOf(answer).certificate, 'a certificate').der;
    const rows = unwrap(
      await bench.store.read((reads) => reads.cmpTransactionsByIds([toHex(client.transactionID)], 1)),
    );
    const id = present(rows[0]?.certificateId, 'an id');
    const record = present(unwrap(await bench.store.read((reads) => reads.certificateById(id))), 'a record');
    const credentials = [{ issuer: record.issuer, spkiSha256: record.spkiSha256 }];
    const account = { ...bench.account, credentials };
    unwrap(await bench.store.transaction((tx) => tx.updateAccount(account)));
    const chain = bench.world.issuers.chain(record.issuer).slice(0, -1);
    const sender = () => bench.client({ certificate, key, chain });
    const next = makeKey();
    const message = bench.client().build('cr', [certReqMsg(next, templateFor(next, cn('APP')))], implicit);
    const { transactionID, senderNonce } = unwrap(decodeMessage(message)).header;
    const refused = await sender().ask('nested', [message], { header: { transactionID, senderNonce } });
    assert.deepEqual(outcomeOf(refused).failInfo, ['notAuthorized']);
    assert.equal((await sender().ask('nested', [message])).bodyKind, 'nested');
  });
});
