/**
 * Every refusal of a body with its failInfo, under a MAC and under a signature, alone, with an
 * added protection and in a batch. Without these tests a client could get another failInfo, or
 * what is refused alone could be accepted inside of a nested message.
 */
import assert from 'node:assert/strict';
import {
  bitString,
  contextConstructed,
  nullValue,
  octetString,
  oid,
  seq,
  tagged,
  utf8String,
} from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import type { BodyKind, BodyValues, CertReqMsg, CertTemplate, FailInfo, PkiHeader } from '../../../src/cmp/model.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, fromHex, utf8 } from '../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import type { Extension } from '../../../src/x509/model.js';
import { identifierOf } from '../../support/cmp/algorithms.js';
import { createCmpBench } from '../../support/cmp/bench.js';
import { certReqMsg, cn, revocationOf, templateFor } from '../../support/cmp/client.js';
import { createOffice, FORMS, type Form, failInfoAs, type Office } from '../../support/cmp/office.js';
import { describeOnEach } from '../../support/db/fixture.js';
import { type HolderKey, makeKey } from '../../support/service/csr.js';
import { NOW } from '../../unit/policy/fixtures.js';

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

const SIGNED = certReqMsg(KEY, templateFor(KEY, cn('APP'))).proof;
/** It has the algorithm of a key and no octets of one. */
const NO_KEY = seq(identifierOf(OID.ecPublicKey, oid(OID.p256)).der, bitString(new Uint8Array()));
const OTHER_LIST = seq(contextConstructed(1, seq(tagged(0x86, utf8('http://example.org/other.crl')))));

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
  issuerUID: { failInfo: 'badCertTemplate', sent: asks({ issuerUID: Uint8Array.of(0, 1) }) },
  subjectUID: { failInfo: 'badCertTemplate', sent: asks({ subjectUID: Uint8Array.of(0, 1) }) },
  'a validity in the past': {
    failInfo: 'badCertTemplate',
    sent: asks({ validity: { notBefore: NOW - 2 * DAY_MS, notAfter: NOW - DAY_MS } }),
  },
  'issuer of another CA': { failInfo: 'badCertTemplate', sent: asks({ issuer: templateFor(KEY, cn('CA')).subject }) },
  'no subject': { failInfo: 'badCertTemplate', sent: asks({ subject: null }) },
  'an empty subject without a name': {
    failInfo: 'badCertTemplate',
    sent: asks({ subject: templateFor(KEY, []).subject }),
  },
  'an empty publicKey': {
    failInfo: 'badCertTemplate',
    sent: asks({ publicKey: { spki: NO_KEY, algorithm: identifierOf(OID.ecPublicKey), isEmpty: true } }),
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
  'a pathLen without cA': {
    failInfo: 'badCertTemplate',
    sent: asks({ extensions: [extension('2.5.29.19', '3003020100')] }),
  },
  cA: { failInfo: 'notAuthorized', sent: asks({ extensions: [extension('2.5.29.19', '30030101ff')] }) },
  'the purpose cmcRA': {
    failInfo: 'notAuthorized',
    sent: asks({ extensions: [extension('2.5.29.37', '300a06082b0601050507031c')] }),
  },
  'the purpose cmcCA': {
    failInfo: 'notAuthorized',
    sent: asks({ extensions: [extension('2.5.29.37', '300a06082b0601050507031b')] }),
  },
  'the purpose cmKGA': {
    failInfo: 'notAuthorized',
    sent: asks({ extensions: [extension('2.5.29.37', '300a06082b06010505070320')] }),
  },
  'certReqId -1': {
    failInfo: 'badRequest',
    sent: ['cr', [certReqMsg(KEY, templateFor(KEY, cn('APP')), { certReqId: -1 })]],
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
  poposkInput: {
    failInfo: 'badRequest',
    sent: proves({ ...SIGNED, poposkInput: seq() } as CertReqMsg['proof']),
  },
  thisMessage: {
    failInfo: 'badPOP',
    sent: proves({ kind: 'keyEncipherment', method: { kind: 'thisMessage', der: hex('80020001') } }),
  },
  encryptedKey: {
    failInfo: 'badPOP',
    sent: proves({ kind: 'keyEncipherment', method: { kind: 'encryptedKey', der: hex('a400') } }),
  },
  keyAgreement: {
    failInfo: 'badPOP',
    sent: proves({ kind: 'keyAgreement', method: { kind: 'dhMAC', der: hex('82020001') } }),
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
  'rootCaCert without a root': {
    failInfo: 'badRequest',
    sent: ['genm', [{ oid: '1.3.6.1.5.5.7.4.20', value: null }]],
  },
  'a list of nine CRLs': {
    failInfo: 'badRequest',
    sent: ['genm', [{ oid: '1.3.6.1.5.5.7.4.22', value: seq(...Array.from({ length: 9 }, () => OTHER_LIST)) }]],
  },
  'nine types of genm': {
    failInfo: 'badRequest',
    sent: ['genm', Array.from({ length: 9 }, (_, at) => ({ oid: `1.2.3.${at}`, value: null }))],
  },
  'a body that is no value': { failInfo: 'badDataFormat', sent: asks({}), content: seq(seq(nullValue())) },
  'a transactionID of 8 octets': {
    failInfo: 'badRequest',
    sent: asks({}),
    header: { transactionID: new Uint8Array(8) },
  },
  'no transactionID': { failInfo: 'badDataFormat', sent: asks({}), header: { transactionID: null } },
  'no senderNonce': { failInfo: 'badSenderNonce', sent: asks({}), header: { senderNonce: null } },
  'an unknown certProfile': {
    failInfo: 'badRequest',
    sent: asks({}),
    header: { generalInfo: [{ oid: OID.certProfile, value: seq(utf8String('elementaire/none')) }] },
  },
  'another certProfile than in the path': {
    failInfo: 'badRequest',
    sent: asks({}),
    header: { generalInfo: [{ oid: OID.certProfile, value: seq(utf8String('elementaire/org-sign')) }] },
  },
  'confirmWaitTime as UTCTime': {
    failInfo: 'badDataFormat',
    sent: asks({}),
    header: { generalInfo: [{ oid: OID.confirmWaitTime, value: tagged(0x17, utf8('260601000000Z')) }] },
  },
  'an early messageTime': { failInfo: 'badTime', sent: asks({}), header: { messageTime: NOW + 3_600_000 } },
  'pvno 4': { failInfo: 'unsupportedVersion', sent: asks({}), header: { pvno: 4 } },
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
  let office: Office;
  const time = { now: NOW };

  beforeEach(async () => {
    bench = await createCmpBench(await opened({ clock: () => time.now }), time);
    office = await createOffice(bench);
  });

  async function refusedAs(form: Form, refusal: Refusal): Promise<readonly string[]> {
    const { sent, header = {}, content, signedOnly } = refusal;
    const isByMac = form === 'MAC' || (form !== 'signature' && signedOnly !== true);
    const sender = isByMac ? bench.client() : office.client();
    const [kind, value] = sent;
    const octets = sender.build(kind, value as never, { header, ...(content === undefined ? {} : { content }) });
    return failInfoAs(form, octets, { sender, office });
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
    const own = revocationOf(office.certificate);
    const reason = (code: string) => [{ oid: OID.reasonCode, critical: false, value: hex(code) }];
    const of = (template: CertTemplate, crlEntryDetails: readonly Extension[] = []): SentBody => [
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
      'the reason of an attribute authority': [of(own, reason('0a010a')), 'badRequest'],
      'a hold by the certificate itself': [of(own, reason('0a0106')), 'notAuthorized'],
      'a release of what is not suspended': [of(own, reason('0a0108')), 'badCertId'],
      'another extension': [of({ ...own, extensions: [extension('2.5.29.15', '03020204')] }), 'badCertId'],
      'two reasons': [of(own, [...reason('0a0101'), ...reason('0a0104')]), 'badRequest'],
      'an unknown critical entry': [of(own, [{ oid: '1.2.3.4', critical: true, value: hex('0500') }]), 'badRequest'],
      'two certificates': [['rr', [1, 2].map(() => ({ template: own, crlEntryDetails: [] }))], 'badRequest'],
    };
    for (const form of ['signature', 'added protection', 'batch'] as const)
      for (const [title, [sent, failInfo]] of Object.entries(refusals))
        assert.deepEqual(await refusedAs(form, { sent, failInfo, signedOnly: true }), [failInfo], `${title}, ${form}`);
    for (const form of ['MAC', 'added protection', 'batch'] as const)
      assert.deepEqual(await refusedAs(form, { sent: of(own), failInfo: 'wrongIntegrity' }), ['wrongIntegrity'], form);
  });
});
