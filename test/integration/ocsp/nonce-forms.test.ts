/**
 * The forms of nonces that clients send, beside the answers of `openssl ocsp` to the same requests.
 * If a form were refused, or repeated in another form, clients that compare the nonce would reject
 * the status.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { octetString, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { type Bytes, fromHex } from '../../../src/kernel/bytes.js';
import { openssl } from '../../support/status/authority.js';
import { extensionOf, requestOf } from '../../unit/ocsp/fixture.js';
import { ocspBench, SERIAL } from './bench.js';
import { certIdsIn } from './read-answer.js';

const FORMS: readonly { readonly name: string; readonly value: Bytes }[] = [
  { name: 'an OCTET STRING of 32 octets', value: octetString(new Uint8Array(32).fill(7)) },
  { name: 'an OCTET STRING of 128 octets', value: octetString(new Uint8Array(128).fill(7)) },
  { name: '16 octets without an OCTET STRING, as Bouncy Castle writes them', value: new Uint8Array(16).fill(0x5a) },
  { name: 'one octet without an OCTET STRING', value: Uint8Array.of(0) },
  { name: '128 octets without an OCTET STRING', value: new Uint8Array(128).fill(0xff) },
  { name: 'octets that begin like an OCTET STRING and are none', value: fromHex('0420010203') ?? assert.fail() },
];

describe('nonces in the forms that clients send', () => {
  const bench = ocspBench();

  /** The answer of `openssl ocsp` as a responder for the same certificate and keys. */
  function answerOfOpenssl(request: Bytes): Bytes {
    const { folder } = bench.authority;
    writeFileSync(join(folder, 'request.der'), request);
    writeFileSync(join(folder, 'index.txt'), `V\t491231235959Z\t\t${SERIAL.toUpperCase()}\tunknown\t/CN=TEST\n`);
    const keys = ['-CA', 'ca.pem', '-rsigner', 'responder.pem', '-rkey', 'responder.key'];
    const files = ['-index', 'index.txt', '-reqin', 'request.der', '-respout', 'openssl.der', '-nmin', '5'];
    openssl(folder, ['ocsp', ...keys, ...files]);
    return new Uint8Array(readFileSync(join(folder, 'openssl.der')));
  }

  for (const { name, value } of FORMS)
    it(`are answered and repeated as they came, as by openssl ocsp: ${name}`, async () => {
      const request = requestOf(certIdsIn(bench.plain()), [extensionOf(OID.ocspNonce, value)]);
      const extension = Buffer.from(seq(oid(OID.ocspNonce), octetString(value)));
      const theirs = Buffer.from(answerOfOpenssl(request));
      assert.ok(theirs.includes(extension), 'openssl ocsp repeats the nonce');
      const ours = await bench.responder().answer(request);
      assert.equal(ours.source, 'signed');
      assert.ok(Buffer.from(ours.bytes).includes(extension), 'the service repeats the nonce');
      const said = bench.spoken(ours.bytes, { request });
      assert.match(said, /Cert Status: good/);
      assert.doesNotMatch(said, /WARNING: no nonce|Nonce Verify error/);
    });

  it('are malformed without an octet and with more than 128, wrapped or not', async () => {
    const certIds = certIdsIn(bench.plain());
    const empty = new Uint8Array(0);
    const long = new Uint8Array(129);
    for (const value of [empty, octetString(empty), long, octetString(long)]) {
      const { source } = await bench.responder().answer(requestOf(certIds, [extensionOf(OID.ocspNonce, value)]));
      assert.equal(source, 'malformedRequest');
    }
  });
});
