import assert from 'node:assert/strict';
import fc from 'fast-check';
import { itemOf, itemsIn, type Kind } from '../../../src/cli/lint/file.js';
import { lintItem } from '../../../src/cli/lint/item.js';
import type { Knowledge } from '../../../src/cli/lint/report.js';
import { withDummySignature } from '../../../src/lint/dummy-signature.js';
import { encodePem } from '../../../src/x509/pem.js';
import { goodCertificate } from '../../support/lint/fixtures.js';

const STRANGERS: Knowledge = { policy: null, own: [], given: [], profile: null };
// Plain octets: a Buffer's slices are views, and what one test spoils would be spoilt in the next.
const certificate = new Uint8Array(withDummySignature(goodCertificate('fort/cps-signature').tbs, 'p-256'));

describe('files that people want linted', () => {
  it('may hold several blocks with text between them, as openssl writes it', () => {
    const pem = encodePem('CERTIFICATE', certificate);
    const read = itemsIn(new Uint8Array(Buffer.from(`subject=x\n${pem}\nissuer=y\r\n${pem.replaceAll('\n', '\r\n')}`)));
    assert.ok(read.ok);
    assert.deepEqual(read.value, [
      { kind: 'certificate', der: certificate },
      { kind: 'certificate', der: certificate },
    ]);
  });

  it('may be made to be slow, and are not: blocks that never end are looked at once', () => {
    const begin = '-----BEGIN CERTIFICATE-----';
    // Looked at from each of its octets once more, the first would take a minute.
    for (const text of [
      `${begin}${' '.repeat(300_000)}!`,
      `${begin}\n`.repeat(30_000),
      `${begin}\nAAAA\n`.repeat(20_000),
    ])
      assert.equal(itemsIn(new Uint8Array(Buffer.from(text))).ok, false);
  });

  it('are told apart by their tags, and whatever they hold is a report, never an exception', async () => {
    const kinds: readonly Kind[] = ['certificate', 'crl', 'ocsp-response'];
    const spoilt = fc
      .tuple(fc.nat(certificate.length - 1), fc.nat(255), fc.nat(certificate.length))
      .map(([at, octet, end]) => {
        const copy = certificate.slice(0, end);
        if (at < copy.length) copy[at] = octet;
        return copy;
      });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.uint8Array({ maxLength: 200 }), spoilt),
        fc.constantFrom(...kinds),
        async (der, kind) => {
          const read = itemsIn(der);
          if (read.ok) for (const item of read.value) await lintItem(STRANGERS, item);
          const report = await lintItem(STRANGERS, itemOf(kind, der));
          assert.ok(report.rules > 0);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
