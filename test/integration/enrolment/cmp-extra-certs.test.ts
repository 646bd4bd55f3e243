/**
 * The certificates in extraCerts of signed answers. Without these tests an answer could have the CA
 * of its signer once more as the CA of the issued certificate (RFC 9483 3.3: nothing twice), and a
 * client that trusts one root only could get errors that it cannot verify.
 */
import assert from 'node:assert/strict';
import { nullValue, seq, utf8String } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { decodeMessage } from '../../../src/cmp/message.js';
import type { BodyKind } from '../../../src/cmp/model.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, toHex } from '../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { receive } from '../../../src/operations/cmp/receive.js';
import { createCmpBench, ORGANISATION } from '../../support/cmp/bench.js';
import {
  certReqMsg,
  cn,
  IMPLICIT_CONFIRM,
  type MessageOptions,
  outcomeOf,
  revocationOf,
  templateFor,
} from '../../support/cmp/client.js';
import { createTestCmpSigners } from '../../support/cmp/cmp-signers.js';
import { createCertificate, createOffice } from '../../support/cmp/office.js';
import { cleanUp, freshDatabase, opened, unwrap } from '../../support/db/fixture.js';
import { makeKey } from '../../support/service/csr.js';
import { NOW } from '../../unit/policy/fixtures.js';

const FORT = 'aci-fo-pp';
const ORGANISATIONS = 'aci-el-org';
const CARD = 'fort/cps-authentication';

describe('a signed answer of CMP', () => {
  afterEach(cleanUp);

  it('has the certificate of its signer and each CA once', async () => {
    const store = await opened({ database: await freshDatabase('sqlite'), clock: () => NOW });
    const bench = await createCmpBench(store, { now: NOW });
    const office = await createOffice(bench);
    const { authority, certificate } = present(bench.world.issuers.current('aci-el-org'), 'the CA of the profile');
    const signer = present(bench.world.cmpSigners.of(authority), 'its signer');
    // The CA of the signer is the CA of the issued certificate, read from another file.
    const own = { ...signer, chain: [certificate.slice()] };
    const world = { ...bench.world, cmpSigners: { of: () => own } };
    const key = makeKey();
    const header = { generalInfo: [IMPLICIT_CONFIRM] };
    const request = office.client().build('cr', [certReqMsg(key, templateFor(key, cn('APP-1')))], { header });
    const path = { profile: ORGANISATION, label: null };
    const reply = await receive(world, request, { path, address: '127.0.0.1', goesOn: () => undefined });
    assert.ok(reply.status === 200, JSON.stringify(reply));
    const { bodyKind, extraCerts } = unwrap(decodeMessage(reply.message));
    assert.equal(bodyKind, 'cp');
    assert.deepEqual(extraCerts.map(toHex), [signer.certificate, certificate].map(toHex));
  });

  it('is by the CMP key of the CA that is asked, also where the message is refused', async () => {
    const store = await opened({ database: await freshDatabase('sqlite'), clock: () => NOW });
    const bench = await createCmpBench(store, { now: NOW });
    const office = await createOffice(bench);
    const { client: self } = await createCertificate(bench);
    const usual = bench.world.cmpSigners;
    const fort = createTestCmpSigners(FORT).cmpSigners;
    Object.assign(bench.world, {
      cmpSigners: { of: (authority: string) => fort.of(authority) ?? usual.of(authority) },
    });
    const signers = [FORT, ORGANISATIONS].map((authority) => {
      return [toHex(present(bench.world.cmpSigners.of(authority), authority).certificate), authority] as const;
    });
    const signed = (kind: BodyKind, value: unknown, options: MessageOptions = {}) =>
      office.client().build(kind, value as never, options);
    const key = makeKey();
    const request = [certReqMsg(key, templateFor(key, []))];
    const caCerts = [{ oid: '1.3.6.1.5.5.7.4.17', value: null }];
    const unknown = revocationOf(office.certificate, { serialNumber: Uint8Array.of(9) });
    const release = [{ oid: OID.reasonCode, critical: false, value: Uint8Array.of(0x0a, 0x01, 0x08) }];
    const own = [{ template: revocationOf(office.certificate), crlEntryDetails: release }];
    const wrongMac = (options: MessageOptions = {}) =>
      bench.client({ reference: bench.account.id, secret: 'wrong' }).build('genm', caCerts, options);
    const past = { header: { messageTime: NOW - DAY_MS } };
    const named = { generalInfo: [{ oid: OID.certProfile, value: seq(utf8String(CARD)) }] };
    const read = signed('genm', caCerts);
    const accept = { certHash: new Uint8Array(32), certReqId: 0, status: null, hashAlg: null };
    const sent: Readonly<Record<string, readonly [Bytes, string, string | null, string]>> = {
      'what is right': [read, 'genp', CARD, FORT],
      'a wrong MAC': [wrongMac(), 'error badMessageCheck', CARD, FORT],
      'a wrong MAC, with a certProfile': [wrongMac({ header: named }), 'error badMessageCheck', null, FORT],
      'an old message': [signed('genm', caCerts, past), 'error badTime', CARD, FORT],
      'an old rr': [signed('rr', own, past), 'rp badTime', CARD, FORT],
      'no value of its body': [
        signed('genm', [], { content: seq(seq(nullValue())) }),
        'error badDataFormat',
        CARD,
        FORT,
      ],
      'caCerts with a value': [
        signed('genm', [{ oid: '1.3.6.1.5.5.7.4.17', value: nullValue() }]),
        'error badRequest',
        CARD,
        FORT,
      ],
      'certConf of nothing': [
        signed('certConf', [accept], { header: { recipNonce: new Uint8Array(16) } }),
        'error badRequest',
        CARD,
        FORT,
      ],
      'a batch of one message twice': [signed('nested', [read, read]), 'error badRequest', CARD, FORT],
      'a batch': [signed('nested', [read]), 'nested', CARD, FORT],
      'a kur of another profile': [self().build('kur', request), 'kup notAuthorized', CARD, FORT],
      'an rr of no certificate': [
        signed('rr', [{ template: unknown, crlEntryDetails: [] }]),
        'rp badCertId',
        CARD,
        FORT,
      ],
      'an rr of a certificate of another CA': [signed('rr', own), 'rp badCertId', CARD, ORGANISATIONS],
      'an error without a profile': [wrongMac(), 'error badMessageCheck', null, ORGANISATIONS],
    };
    for (const [title, [octets, outcome, profile, authority]] of Object.entries(sent)) {
      const answer = unwrap(decodeMessage(await bench.send(octets, { profile, label: null })));
      const { bodyKind, failInfo } = outcomeOf(answer);
      assert.equal([bodyKind, ...failInfo].join(' '), outcome, title);
      const signer = toHex(present(answer.extraCerts[0], 'the certificate of the signer'));
      assert.equal(new Map(signers).get(signer), authority, title);
    }
  });
});
