/**
 * Every refusal of a body with its failInfo, under a MAC and under a signature, alone, with an
 * added protection and in a batch. Without these tests a client could get another failInfo, or
 * what is refused alone could be accepted inside of a nested message.
 */
import assert from 'node:assert/strict';
import { nullValue, octetString, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { decodeMessage } from '../../../src/cmp/message.js';
import type { BodyKind, BodyValues, CertReqMsg, CertTemplate, FailInfo, PkiHeader } from '../../../src/cmp/model.js';
import { decodeBody } from '../../../src/cmp/values/bodies.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, fromHex, toHex, utf8 } from '../../../src/kernel/bytes.js';
import { identifierOf } from '../../support/cmp/algorithms.js';
import { createCmpBench } from '../../support/cmp/bench.js';
import {
  type CmpClient,
  certReqMsg,
  cn,
  IMPLICIT_CONFIRM,
  outcomeOf,
  revocationOf,
  templateFor,
} from '../../support/cmp/client.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { type HolderKey, makeKey } from '../../support/service/csr.js';
import { NOW } from '../../unit/policy/fixtures.js';

const FORMS = ['MAC', 'signature', 'added protection', 'batch'] as const;
type Form = (typeof FORMS)[number];

type SentBody = { [Kind in BodyKind]: readonly [Kind, BodyValues[Kind]] }[BodyKind];
type Refusal = {
  readonly failInfo: FailInfo;
  /** null: content octets that are no value of the body. */
  readonly sent: SentBody;
  readonly header?: Partial<PkiHeader>;
  readonly content?: Bytes;
  /** What RFC 9483 allows under a signature only. */
  readonly signedOnly?: true;
};

const KEY = makeKey();
const WEAK = makeKey('rsa-1024');
const hex = (text: string): Bytes => present(fromHex(text), 'octets');
const extension = (oid: string, value: string) => ({ oid, critical: false, value: hex(value) });

const asks = (template: Partial<CertTemplate>): SentBody => [
  'cr',
  [certReqMsg(KEY, templateFor(KEY, cn('APP'), template))],
];
const proves = (proof: CertReqMsg['proof']): SentBody => [
  'cr',
  [certReqMsg(KEY, templateFor(KEY, cn('APP')), { proof })],
];
const controls = (oid: string): SentBody => [
  'cr',
  [certReqMsg(KEY, templateFor(KEY, cn('APP')), { controls: [{ oid, value: octetString(utf8('x')) }] })],
];

function signedByRsa(key: HolderKey): CertReqMsg {
  const message = certReqMsg(key, templateFor(key, cn('APP')));
  const algorithm = identifierOf(OID.sha256WithRsaEncryption, nullValue());
  const proof = { ...present(message.proof, 'a proof'), algorithm } as CertReqMsg['proof'];
  return { ...message, proof };
}

/** Rows of sections 5 to 9 of the design of CMP. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  'version 1': { failInfo: 'badCertTemplate', sent: asks({ version: 1 }) },
  serialNumber: { failInfo: 'badCertTemplate', sent: asks({ serialNumber: Uint8Array.of(1) }) },
  signingAlg: { failInfo: 'badCertTemplate', sent: asks({ signingAlg: identifierOf(OID.ecdsaWithSha256) }) },
  'issuer of another CA': { failInfo: 'badCertTemplate', sent: asks({ issuer: templateFor(KEY, cn('CA')).subject }) },
  'no subject': { failInfo: 'badCertTemplate', sent: asks({ subject: null }) },
  'an empty subject without a name': {
    failInfo: 'badCertTemplate',
    sent: asks({ subject: templateFor(KEY, []).subject }),
  },
  'no publicKey': { failInfo: 'badCertTemplate', sent: asks({ publicKey: null }) },
  'a weak key': { failInfo: 'badCertTemplate', sent: ['cr', [signedByRsa(WEAK)]] },
  'a key of an unknown algorithm': {
    failInfo: 'badAlg',
    sent: asks({
      publicKey: { spki: hex('300a300406022a0303020001'), algorithm: identifierOf('1.2.3'), isEmpty: false },
    }),
  },
  'an extension twice': {
    failInfo: 'badCertTemplate',
    sent: asks({ extensions: [extension('2.5.29.19', '3000'), extension('2.5.29.19', '3000')] }),
  },
  'an extension that does not parse': {
    failInfo: 'badCertTemplate',
    sent: asks({ extensions: [extension('2.5.29.15', '0500')] }),
  },
  keyCertSign: { failInfo: 'badCertTemplate', sent: asks({ extensions: [extension('2.5.29.15', '03020204')] }) },
  cA: { failInfo: 'notAuthorized', sent: asks({ extensions: [extension('2.5.29.19', '30030101ff')] }) },
  'the purpose cmcRA': {
    failInfo: 'notAuthorized',
    sent: asks({ extensions: [extension('2.5.29.37', '300a06082b0601050507031c')] }),
  },
  'certReqId 1': {
    failInfo: 'badRequest',
    sent: ['cr', [certReqMsg(KEY, templateFor(KEY, cn('APP')), { certReqId: 1 })]],
  },
  'two CertReqMsg': {
    failInfo: 'badRequest',
    sent: ['cr', [certReqMsg(KEY, templateFor(KEY, cn('A'))), certReqMsg(KEY, templateFor(KEY, cn('B')))]],
  },
  'the control regToken': { failInfo: 'badRequest', sent: controls('1.3.6.1.5.5.7.5.1.1') },
  'the control protocolEncrKey': { failInfo: 'badRequest', sent: controls('1.3.6.1.5.5.7.5.1.6') },
  'the control oldCertID in cr': { failInfo: 'badCertId', sent: controls('1.3.6.1.5.5.7.5.1.5') },
  'no proof of possession': { failInfo: 'badPOP', sent: proves(null) },
  raVerified: { failInfo: 'notAuthorized', sent: proves({ kind: 'raVerified' }) },
  'a signature of another key': {
    failInfo: 'badPOP',
    sent: ['cr', [certReqMsg(makeKey(), templateFor(KEY, cn('APP')))]],
  },
  'keyEncipherment for a key that signs': {
    failInfo: 'badPOP',
    sent: proves({ kind: 'keyEncipherment', method: { kind: 'subsequentMessage', message: 'encrCert' } }),
  },
  challengeResp: {
    failInfo: 'badPOP',
    sent: proves({ kind: 'keyEncipherment', method: { kind: 'subsequentMessage', message: 'challengeResp' } }),
  },
  'certConf without a transaction': {
    failInfo: 'badRequest',
    sent: ['certConf', [{ certHash: new Uint8Array(32), certReqId: 0, status: null, hashAlg: null }]],
    header: { recipNonce: new Uint8Array(16) },
  },
  'pollReq without a transaction': {
    failInfo: 'badRequest',
    sent: ['pollReq', [0]],
    header: { recipNonce: new Uint8Array(16) },
  },
  'a type of genm twice': {
    failInfo: 'badRequest',
    sent: ['genm', [1, 2].map(() => ({ oid: '1.3.6.1.5.5.7.4.17', value: null }))],
  },
  'caCerts with a value': {
    failInfo: 'badRequest',
    sent: ['genm', [{ oid: '1.3.6.1.5.5.7.4.17', value: nullValue() }]],
  },
  'suppLangTags without a value': {
    failInfo: 'badRequest',
    sent: ['genm', [{ oid: '1.3.6.1.5.5.7.4.16', value: null }]],
  },
  'nine types of genm': {
    failInfo: 'badRequest',
    sent: ['genm', Array.from({ length: 9 }, (_, at) => ({ oid: `1.2.3.${at}`, value: null }))],
  },
  'a body that is no value': { failInfo: 'badDataFormat', sent: asks({}), content: seq(seq(nullValue())) },
  'a late messageTime': { failInfo: 'badTime', sent: asks({}), header: { messageTime: NOW - 3_600_000 } },
  'a short senderNonce': { failInfo: 'badSenderNonce', sent: asks({}), header: { senderNonce: new Uint8Array(8) } },
  'recipNonce in a first message': {
    failInfo: 'badRecipientNonce',
    sent: asks({}),
    header: { recipNonce: new Uint8Array(16) },
  },
  'implicitConfirm with a value': {
    failInfo: 'badRequest',
    sent: asks({}),
    header: { generalInfo: [{ oid: OID.implicitConfirm, value: octetString(utf8('x')) }] },
  },
  'rr without issuer': {
    failInfo: 'addInfoNotAvailable',
    sent: ['rr', [{ template: templateFor(KEY, cn('APP')), crlEntryDetails: [] }]],
    signedOnly: true,
  },
};

describeOnEach('a CMP message that is refused', ({ opened }) => {
  let bench: Awaited<ReturnType<typeof createCmpBench>>;
  let office: () => CmpClient;
  let officeCertificate: Bytes;
  const time = { now: NOW };

  beforeEach(async () => {
    bench = await createCmpBench(await opened({ clock: () => time.now }), time);
    const key = makeKey();
    const client = bench.client();
    const implicit = { header: { generalInfo: [IMPLICIT_CONFIRM] } };
    const answer = await client.ask('cr', [certReqMsg(key, templateFor(key, cn('OFFICE')))], implicit);
    officeCertificate = present(outcomeOf(answer).certificate, 'a certificate').der;
    const [row] = unwrap(await bench.store.read((reads) => reads.cmpTransactionsById(toHex(client.transactionID), 1)));
    const found = await bench.store.read((reads) => reads.certificateById(row?.certificateId ?? ''));
    const { issuer, spkiSha256 } = present(unwrap(found), 'a record');
    const account = { ...bench.account, id: 'office', name: 'office', roles: ['ra', 'card-management'] as const };
    unwrap(
      await bench.store.transaction((tx) => tx.insertAccount({ ...account, credentials: [{ issuer, spkiSha256 }] })),
    );
    const chain = bench.world.issuers.chain(issuer).slice(0, -1);
    office = () => bench.client({ certificate: officeCertificate, key, chain });
  });

  /** The failInfo of the answer, wherever it stands. */
  async function refusedAs(
    form: Form,
    { sent, header = {}, content, signedOnly }: Refusal,
  ): Promise<readonly string[]> {
    const sender = form === 'MAC' || (form !== 'signature' && signedOnly !== true) ? bench.client() : office();
    const [kind, value] = sent;
    const octets = sender.build(kind, value as never, { header, ...(content === undefined ? {} : { content }) });
    if (form === 'MAC' || form === 'signature') return outcomeOf(await sender.exchange(octets)).failInfo;
    const decoded = decodeMessage(octets);
    const own = present(decoded.ok ? decoded.value.header : decoded.error.header, 'a header');
    const { transactionID, senderNonce } = own;
    const outer = form === 'batch' ? {} : { header: { transactionID, senderNonce } };
    const answer = await office().ask('nested', [octets], outer);
    if (answer.bodyKind !== 'nested') return outcomeOf(answer).failInfo;
    const [inner] = unwrap(decodeBody.nested(answer.bodyContent));
    return outcomeOf(unwrap(decodeMessage(present(inner, 'an answer')))).failInfo;
  }

  for (const form of FORMS)
    it(`has the failInfo of its fault (${form}), and nothing is signed`, async () => {
      const signed = bench.signed();
      const others: string[] = [];
      for (const [title, refusal] of Object.entries(REFUSALS)) {
        if (form === 'MAC' && refusal.signedOnly === true) continue;
        const failInfo = await refusedAs(form, refusal);
        if (failInfo.join() !== refusal.failInfo) others.push(`${title}: ${failInfo.join() || 'no failure'}`);
      }
      assert.deepEqual(others, []);
      assert.equal(bench.signed(), signed);
    });

  it('says of each revocation what is wrong with it, alone and in nested messages', async () => {
    const own = revocationOf(officeCertificate);
    const reason = (code: string) => [{ oid: OID.reasonCode, critical: false, value: hex(code) }];
    const of = (template: CertTemplate, crlEntryDetails: ReturnType<typeof reason> = []): SentBody => [
      'rr',
      [{ template, crlEntryDetails }],
    ];
    const refusals: Readonly<Record<string, readonly [SentBody, FailInfo]>> = {
      'another serial number': [of({ ...own, serialNumber: Uint8Array.of(9) }), 'badCertId'],
      'another subject': [of({ ...own, subject: templateFor(KEY, cn('APP')).subject }), 'badCertId'],
      'another key': [of({ ...own, publicKey: templateFor(KEY, cn('APP')).publicKey }), 'badCertId'],
      'version 1': [of({ ...own, version: 1 }), 'badRequest'],
      'the reason of a CA': [of(own, reason('0a0102')), 'badRequest'],
      'a reason that is none': [of(own, reason('0a0107')), 'badDataFormat'],
      'two reasons': [of(own, [...reason('0a0101'), ...reason('0a0104')]), 'badRequest'],
      'two certificates': [['rr', [1, 2].map(() => ({ template: own, crlEntryDetails: [] }))], 'badRequest'],
    };
    for (const form of ['signature', 'added protection', 'batch'] as const)
      for (const [title, [sent, failInfo]] of Object.entries(refusals))
        assert.deepEqual(await refusedAs(form, { sent, failInfo, signedOnly: true }), [failInfo], `${title}, ${form}`);
    for (const form of ['MAC', 'added protection', 'batch'] as const)
      assert.deepEqual(await refusedAs(form, { sent: of(own), failInfo: 'wrongIntegrity' }), ['wrongIntegrity'], form);
  });
});
