/**
 * The structure of OCSP responses: an error has no content, and a successful response has one.
 */
import assert from 'node:assert/strict';
import { enumerated, explicit, octetString, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { assembleOcspResponse, encodeErrorResponse } from '../../../src/ocsp/encode.js';
import { readOcspResponse } from '../../../src/ocsp/read.js';
import { GOOD_ANSWER } from './answer-fixture.js';

const signed = { responseData: GOOD_ANSWER, algorithm: 'ecdsaWithSha256', signature: Uint8Array.of(1) } as const;
const good = assembleOcspResponse({ ...signed, certificates: [] });

describe('reading an OCSP response', () => {
  const isRead = (der: Bytes): boolean => readOcspResponse(der).ok;

  it('accepts a successful response with content, and an error without', () => {
    for (const der of [good, encodeErrorResponse('tryLater'), encodeErrorResponse('unauthorized')])
      assert.equal(isRead(der), true);
    const bytes = explicit(0, seq(oid(OID.ocspBasic), octetString(seq())));
    assert.equal(isRead(seq(enumerated(3), bytes)), false);
    assert.equal(isRead(seq(enumerated(0))), false);
  });

  it('rejects other response types and additional elements', () => {
    const read = readOcspResponse(good);
    assert.ok(read.ok && read.value.basic !== null);
    const { responseData, signatureAlgorithmDer } = read.value.basic;
    const bits = Uint8Array.of(0x03, 0x02, 0x00, 0x01);
    const of = (type: string, ...more: readonly Bytes[]): Bytes =>
      seq(
        enumerated(0),
        explicit(0, seq(oid(type), octetString(seq(responseData, signatureAlgorithmDer, bits, ...more)))),
      );
    assert.equal(isRead(of(OID.ocspBasic)), true);
    assert.equal(isRead(of('1.3.6.1.5.5.7.48.1.99')), false);
    assert.equal(isRead(of(OID.ocspBasic, octetString(Uint8Array.of(1)))), false);
  });
});
