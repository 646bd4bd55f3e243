import assert from 'node:assert/strict';
import fc from 'fast-check';
import { explicit, integer, nullValue, octetString, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { type Bytes, concat, toBase64, toHex } from '../../../src/kernel/bytes.js';
import { LIMITS } from '../../../src/kernel/limits.js';
import { createIssuerIndex } from '../../../src/ocsp/issuer-index.js';
import { type OcspRequest, readOcspRequest } from '../../../src/ocsp/request.js';
import { ocspRequestFromPath } from '../../../src/ocsp/request-path.js';
import { eachMutation } from '../../support/mutated-bytes.js';
import { certIdOf, extensionOf, hex, ISSUER, nonceOf, requestOf, SERIAL } from './fixture.js';

const HASHES = ['sha1', 'sha256', 'sha384', 'sha512'] as const;

function read(der: Bytes): OcspRequest {
  const request = readOcspRequest(der);
  if (!request.ok) throw new Error(request.error.detail);
  return request.value;
}

function partsOfSha1(): readonly [algorithm: Bytes, name: Bytes, key: Bytes] {
  const digest = octetString(new Uint8Array(20));
  return [seq(oid(OID.sha1)), digest, digest];
}

function isMalformed(der: Bytes): boolean {
  const request = readOcspRequest(der);
  return !request.ok && request.error.kind === 'malformedRequest';
}

describe('reading an OCSP request', () => {
  it('finds serial number and issuer by each of the four hash algorithms, with NULL or absent parameters', () => {
    const index = createIssuerIndex([ISSUER], (issuer) => issuer);
    for (const hash of HASHES) {
      for (const parameters of [nullValue(), new Uint8Array(0)]) {
        const certId = certIdOf(SERIAL, hash, parameters);
        const [found] = read(requestOf([certId])).certIds;
        assert.equal(found?.serial, SERIAL);
        assert.equal(toHex(found?.der ?? new Uint8Array(0)), toHex(certId));
        assert.equal(found !== undefined && index.find(found), ISSUER);
      }
    }
  });

  it('finds no issuer for another key, another name, or an unknown hash algorithm', () => {
    const index = createIssuerIndex([ISSUER], (issuer) => issuer);
    const unknown = seq(
      seq(oid('1.2.840.113549.2.5')),
      octetString(new Uint8Array(16)),
      octetString(new Uint8Array(16)),
      integer(1),
    );
    const foreign = seq(
      seq(oid(OID.sha1)),
      octetString(new Uint8Array(20)),
      octetString(new Uint8Array(20)),
      integer(1),
    );
    for (const certId of read(requestOf([unknown, foreign])).certIds) assert.equal(index.find(certId), null);
  });

  it('converts serial numbers to the form of the database, with any leading zeros', () => {
    for (const serial of ['00a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5', '0000000000000000000000000000007f', '7f'.repeat(16)])
      assert.equal(read(requestOf([certIdOf(serial)])).certIds[0]?.serial, serial);
    assert.equal(read(requestOf([certIdOf('11'.repeat(18))])).certIds[0]?.serial, '11'.repeat(18));
    assert.equal(read(requestOf([certIdOf('00')])).certIds[0]?.serial, null);
    const [algorithm, name, key] = partsOfSha1();
    const negative = seq(algorithm, name, key, Uint8Array.of(0x02, 0x01, 0xff));
    assert.equal(read(requestOf([negative])).certIds[0]?.serial, null);
  });

  it('accepts several certificates in one message, and removes duplicates', () => {
    const request = requestOf([certIdOf('01'), certIdOf('02', 'sha256'), certIdOf('01')]);
    assert.equal(read(request).certIds.length, 2);
  });

  it('accepts only nonces of 1 to 128 octets (RFC 9654 2.1)', () => {
    for (const octets of [1, 32, 128]) {
      const nonce = octetString(new Uint8Array(octets).fill(9));
      assert.deepEqual(read(requestOf([certIdOf('01')], [nonceOf(octets)])).nonce, nonce);
    }
    for (const octets of [0, 129]) assert.equal(isMalformed(requestOf([certIdOf('01')], [nonceOf(octets)])), true);
  });

  it('accepts a nonce without an OCTET STRING as it came, within the same lengths', () => {
    const raw = (value: Bytes): Bytes => requestOf([certIdOf('01')], [extensionOf(OID.ocspNonce, value)]);
    const unfinished = hex('0405010203');
    const longForm = hex('048103010203');
    for (const value of [hex('07'), hex('010203'), new Uint8Array(128).fill(4), unfinished, longForm])
      assert.deepEqual(read(raw(value)).nonce, value);
    for (const octets of [0, 129, 5_000]) assert.equal(isMalformed(raw(new Uint8Array(octets).fill(9))), true);
  });

  it('rejects two nonces', () => {
    assert.equal(isMalformed(requestOf([certIdOf('01')], [nonceOf(8), nonceOf(9)])), true);
  });

  it('rejects unknown critical extensions and ignores others (RFC 6960 4.4)', () => {
    assert.equal(isMalformed(requestOf([certIdOf('01')], [extensionOf('1.2.3', nullValue(), true)])), true);
    assert.equal(read(requestOf([certIdOf('01')], [extensionOf('1.2.3', nullValue())])).nonce, null);
    assert.equal(
      read(requestOf([certIdOf('01')], [extensionOf('1.3.6.1.5.5.7.48.1.4', seq(oid(OID.ocspBasic)), true)])).nonce,
      null,
    );
    const single = (critical: boolean): Bytes =>
      seq(seq(seq(seq(certIdOf('01'), explicit(0, seq(extensionOf('1.2.3', nullValue(), critical)))))));
    assert.equal(isMalformed(single(true)), true);
    assert.equal(isMalformed(single(false)), false);
  });

  it('ignores the requestor name and the signature', () => {
    const [tbs] = [seq(explicit(1, seq()), seq(seq(certIdOf('01'))))];
    assert.equal(read(seq(tbs, explicit(0, seq(octetString(new Uint8Array(3)))))).certIds.length, 1);
  });

  it('rejects an empty list, too many requests, another version, a digest of wrong length, and trailing bytes', () => {
    const many = Array.from({ length: LIMITS.ocspRequestsPerMessageMax + 1 }, (_, at) =>
      certIdOf((at + 16).toString(16).padStart(4, '0')),
    );
    assert.equal(isMalformed(requestOf(many.slice(1))), false);
    const short = seq(
      seq(oid(OID.sha256)),
      octetString(new Uint8Array(20)),
      octetString(new Uint8Array(20)),
      integer(1),
    );
    const spoiled = [
      requestOf([]),
      requestOf(many),
      requestOf([certIdOf('01')], [], [explicit(0, integer(1))]),
      requestOf([short]),
      concat([requestOf([certIdOf('01')]), Uint8Array.of(0)]),
      new Uint8Array(0),
      new Uint8Array(LIMITS.ocspRequestBytesMax + 1).fill(0x30),
    ];
    for (const der of spoiled) assert.equal(isMalformed(der), true);
  });

  it('rejects a request above the size limit', () => {
    const named = (octets: number): Bytes =>
      seq(seq(explicit(1, octetString(new Uint8Array(octets))), seq(seq(certIdOf('01')))));
    assert.equal(isMalformed(named(60_000)), false);
    assert.equal(isMalformed(named(LIMITS.ocspRequestBytesMax)), true);
  });

  it('rejects an additional element in any part, and an empty list of extensions', () => {
    const more = octetString(Uint8Array.of(1));
    const [algorithm, name, key] = partsOfSha1();
    const certId = seq(algorithm, name, key, integer(1));
    const list = seq(seq(certId));
    const tbs = seq(list);
    const extension = extensionOf('1.2.3', nullValue());
    assert.equal(isMalformed(seq(seq(list, explicit(2, seq(extension))))), false);
    const spoiled = [
      seq(tbs, more),
      seq(seq(list, more)),
      seq(seq(seq(seq(certId, more)))),
      seq(seq(seq(seq(seq(algorithm, name, key, integer(1), more))))),
      seq(seq(seq(seq(seq(seq(oid(OID.sha1), more), name, key, integer(1)))))),
      seq(seq(list, explicit(2, seq(seq(oid('1.2.3'), octetString(nullValue()), more))))),
      seq(seq(list, explicit(2, seq()))),
      seq(seq(seq(seq(certId, explicit(0, seq()))))),
    ];
    for (const [at, der] of spoiled.entries()) assert.equal(isMalformed(der), true, `the one of place ${at}`);
  });

  it('never throws on mutated requests: each is accepted or malformedRequest', () => {
    const valid = requestOf([certIdOf(SERIAL), certIdOf('02', 'sha256')], [nonceOf(16)]);
    eachMutation(valid, (mutated) => {
      const request = readOcspRequest(mutated);
      assert.equal(request.ok || request.error.kind === 'malformedRequest', true);
    });
  });
});

describe('the request in a GET path', () => {
  it('is decoded with full, partial or no percent-encoding, with and without padding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 120 }), (rest) => {
        const der = concat([Uint8Array.of(0x30), rest]);
        const base64 = toBase64(der);
        for (const form of [
          base64,
          `/${base64}`,
          encodeURIComponent(base64),
          base64.replace(/=+$/, ''),
          base64.replaceAll('/', '%2f'),
        ])
          assert.deepEqual(ocspRequestFromPath(form), der, form);
      }),
    );
  });

  it('is null for invalid base64, invalid percent-encoding, an empty path, and a too long one', () => {
    for (const text of ['', '/', '%', '%ff', 'MEIw*', 'MEIw QDA', 'A', 'MB', 'A'.repeat(1_000_000)])
      assert.equal(ocspRequestFromPath(text), null, text.slice(0, 20));
  });

  it('is decoded in linear time, even with much padding in the wrong place', () => {
    // CPU time is measured, because other processes take real time.
    const before = process.cpuUsage();
    assert.equal(ocspRequestFromPath(`${'='.repeat(90_000)}A`), null);
    assert.ok(process.cpuUsage(before).user < 1_000_000);
  });
});
