/**
 * Messages of OpenSSL's client and of its mock server. If the codec read a field differently, no
 * client that is built on OpenSSL could be served.
 */
import assert from 'node:assert/strict';
import { OID } from '../../../src/asn1/oids.js';
import type { BodyKind, PkiMessage } from '../../../src/cmp/model.js';
import { toHex } from '../../../src/kernel/bytes.js';
import { formatName } from '../../../src/x509/certificate/name-reader.js';
import { contentOf, decoded, encodedAgain } from '../../support/cmp/messages.js';
import { captureMessages } from '../../support/cmp/openssl-messages.js';
import { inFolder } from '../asn1/openssl.js';

describe("OpenSSL's CMP messages", () => {
  let messages: ReadonlyMap<string, PkiMessage> = new Map();
  before(() => {
    const captured = inFolder(captureMessages);
    messages = new Map(captured.map(({ name, octets }) => [name, decoded(octets)]));
  });

  const sent = (name: string): PkiMessage => {
    const message = messages.get(name);
    assert.ok(message, `${name}: one of ${[...messages.keys()].join(', ')}`);
    return message;
  };

  it('are encoded again from their values octet by octet', () => {
    for (const [name, message] of messages) assert.equal(toHex(encodedAgain(message)), toHex(message.octets), name);
  });

  it('are of each kind that its client sends or its server answers', () => {
    const found = new Set([...messages.values()].map(({ bodyKind }) => bodyKind));
    const expected: readonly BodyKind[] = [
      ...(['ir', 'ip', 'cr', 'cp', 'p10cr', 'kur', 'kup', 'rr', 'rp', 'genm', 'genp'] as const),
      ...(['error', 'certConf', 'pkiconf', 'pollReq', 'pollRep'] as const),
    ];
    assert.deepEqual([...found].sort(), [...expected].sort());
  });

  it('have the fields of the header that the client was told', () => {
    const { header, protection, extraCerts } = sent('ir-request-1');
    assert.equal(header.pvno, 2);
    assert.ok(header.sender.kind === 'directoryName' && header.recipient.kind === 'directoryName');
    assert.equal(formatName(header.recipient.name), 'CN=CA');
    assert.equal(Buffer.from(header.senderKID ?? []).toString(), 'device-1');
    assert.equal(header.transactionID?.length, 16);
    assert.equal(header.senderNonce?.length, 16);
    assert.equal(header.recipNonce, null);
    assert.ok(header.messageTime !== null && Math.abs(header.messageTime - Date.now()) < 600_000);
    assert.equal(header.protectionAlg?.oid, '1.2.840.113533.7.66.13');
    assert.equal(protection?.length, 32);
    assert.equal(extraCerts.length, 0);
    assert.equal(sent('cr-request-1').extraCerts.length, 1);
    assert.deepEqual(
      sent('kur-request-1').header.generalInfo.map(({ oid }) => oid),
      [OID.certProfile],
    );
  });

  it('have requests with template, proof and controls', () => {
    const [ir] = contentOf(sent('ir-request-1'), 'ir');
    assert.ok(ir?.request.template.subject?.name && ir.request.template.publicKey);
    assert.equal(formatName(ir.request.template.subject.name), 'CN=APP-1,O=Organisation,C=FR');
    assert.equal(ir.request.template.publicKey.algorithm.oid, OID.ecPublicKey);
    assert.deepEqual(
      ir.request.template.extensions.map(({ oid }) => oid),
      [OID.subjectAltName],
    );
    const { validity } = ir.request.template;
    assert.equal((validity?.notAfter ?? 0) - (validity?.notBefore ?? 0), 30 * 86_400_000);
    assert.ok(ir.proof?.kind === 'signature' && ir.proof.algorithm.oid === OID.ecdsaWithSha256);
    const [encryption] = contentOf(sent('cr-for-encryption-request-1'), 'cr');
    assert.deepEqual(encryption?.proof, {
      kind: 'keyEncipherment',
      method: { kind: 'subsequentMessage', message: 'encrCert' },
    });
    const [vouched] = contentOf(sent('cr-verified-by-an-RA-request-1'), 'cr');
    assert.deepEqual(vouched?.proof, { kind: 'raVerified' });
    const [empty] = contentOf(sent('cr-for-a-key-of-the-CA-request-1'), 'cr');
    assert.ok(empty?.proof === null && empty.request.template.publicKey?.isEmpty === true);
    const [kur] = contentOf(sent('kur-request-1'), 'kur');
    assert.deepEqual(
      kur?.request.controls.map(({ oid }) => oid),
      [OID.oldCertId],
    );
  });

  it('revoke by issuer and serial number with a reason', () => {
    const [byNumber] = contentOf(sent('rr-by-number-request-1'), 'rr');
    assert.equal(toHex(byNumber?.template.serialNumber ?? new Uint8Array()), '0080aabb');
    const [rr] = contentOf(sent('rr-request-1'), 'rr');
    assert.deepEqual(
      rr?.crlEntryDetails.map(({ oid }) => oid),
      [OID.reasonCode],
    );
  });

  it('have answers with their status, text and failInfo', () => {
    const [response] = contentOf(sent('refused-answer-1'), 'cp').responses;
    assert.deepEqual(response?.status, { status: 'rejection', text: ['why'], failInfo: ['badPOP', 'badCertTemplate'] });
    const error = contentOf(sent('error-answer-1'), 'error');
    assert.deepEqual(error.status.failInfo, ['badRequest']);
    assert.ok(error.errorCode !== null && error.errorDetails.length === 2);
    assert.deepEqual(contentOf(sent('cr-request-2'), 'pollReq'), [0]);
    assert.deepEqual(contentOf(sent('p10cr-request-2'), 'certConf')[0]?.certReqId, -1);
  });
});
