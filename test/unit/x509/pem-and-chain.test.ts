import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { toHex } from '../../../src/kernel/bytes.js';
import { certsOnlyMessage } from '../../../src/x509/certificate/chain.js';
import { decodePem, decodePemBlocks, encodePem } from '../../../src/x509/pem.js';
import { openssl } from '../asn1/openssl.js';
import { rootOf, signed, tbsFor } from './certificates.js';

describe('PEM', () => {
  it('reads back, in lines of at most 64 characters', () => {
    const property = fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (der) => {
      const pem = encodePem('CERTIFICATE', der);
      assert.deepEqual(decodePem(pem, ['X', 'CERTIFICATE']), { ok: true, value: der });
      assert.ok(pem.endsWith('-----END CERTIFICATE-----\n'));
      assert.ok(pem.split('\n').every((line) => line.length <= 64));
    });
    fc.assert(property, { seed: 21, numRuns: 300 });
  });

  it('equals the PEM of node:crypto and OpenSSL for the same certificate', () => {
    const der = rootOf('p-256');
    assert.equal(encodePem('CERTIFICATE', der), new X509Certificate(der).toString());
    assert.equal(encodePem('CERTIFICATE', der), openssl(['x509', '-inform', 'DER'], der).toString());
  });

  it('of several blocks is read in order, whatever white space is between them, up to the limit', () => {
    const blocks = [1, 2, 3].map((octet) => Uint8Array.of(octet, 0, octet));
    const [a = '', b = '', c = ''] = blocks.map((der) => encodePem('A', der));
    const read = (text: string) => decodePemBlocks(text, { labels: ['A'], blocksMax: 3 });
    assert.deepEqual(read(`${a}${b}${c}`), { ok: true, value: blocks });
    assert.deepEqual(read(`\n${a}\r\n \n${b}\n\n${c}\n`), { ok: true, value: blocks });
    for (const text of ['', `${a}${b}${c}${a}`, `${a}text\n${b}`, `${a}${encodePem('B', Uint8Array.of(1))}`])
      assert.equal(read(text).ok, false, text);
  });

  const good = encodePem('A', Uint8Array.of(1, 2, 3, 4));
  const cases: readonly (readonly [string, string, string])[] = [
    ['padding left out', good.replace('==', ''), 'canonical'],
    ['bits behind the padding', good.replace('BA==', 'BB=='), 'canonical'],
    ['the alphabet of URLs', good.replace('AQ', '-_'), 'canonical'],
    ['headers of RFC 1421', good.replace('A-----\n', 'A-----\nProc-Type: 4,ENCRYPTED\n\n'), 'canonical'],
    ['a label in lower case', good.replaceAll('A-----', 'a-----'), 'does not begin'],
    ['a blank before a boundary', good.replace('-----END', ' -----END'), 'no line'],
    ['four dashes', good.replace('-----BEGIN', '----BEGIN'), 'does not begin'],
  ];
  for (const [name, text, message] of cases) {
    it(`is refused with ${name}`, () => {
      const decoded = decodePem(text, ['A']);
      assert.ok(!decoded.ok && decoded.error.en.includes(message), JSON.stringify(decoded));
    });
  }
});

describe('a certs-only message', () => {
  const [root, leaf] = [rootOf('p-384'), signed('p-384', tbsFor('p-384'))];

  it('is read by OpenSSL with all of its certificates and nothing else', () => {
    const printed = openssl(['pkcs7', '-inform', 'DER', '-print_certs'], certsOnlyMessage([root, leaf])).toString();
    const blocks = printed.match(/-----BEGIN.*?-----END CERTIFICATE-----\n/gs) ?? [];
    assert.deepEqual([...blocks].sort(), [root, leaf].map((der) => encodePem('CERTIFICATE', der)).sort());
  });

  it('has the same encoding whatever the order of the certificates', () => {
    assert.equal(toHex(certsOnlyMessage([leaf, root])), toHex(certsOnlyMessage([root, leaf])));
  });
});
