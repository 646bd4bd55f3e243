import assert from 'node:assert/strict';
import fc from 'fast-check';
import { OID } from '../../../src/asn1/oids.js';
import { checkCertificate } from '../../../src/lint/certificate/lint.js';
import { goodCertificate, partsOf } from '../../support/lint/fixtures.js';

const { tbs, context } = goodCertificate('fort/cps-signature');
const passes = (changed: Uint8Array): boolean => checkCertificate({ tbs: changed, ...context }).ok;

/** Where the value of this extension begins and ends in the to-be-signed bytes. */
function placeOf(value: Uint8Array): { readonly from: number; readonly to: number } {
  const from = Buffer.from(tbs).indexOf(value);
  assert.notEqual(from, -1);
  return { from, to: from + value.length };
}

describe('lint: no change is missed', () => {
  const { extensions, spki } = partsOf(tbs);
  /** Values that the policy leaves to the holder: the card and the profession. */
  const free: readonly string[] = [OID.gipCardId, OID.gipProfessionCode];

  for (const { oid, value } of extensions.filter((extension) => !free.includes(extension.oid))) {
    it(`a changed octet of the extension ${oid} is found`, () => {
      const { from, to } = placeOf(value);
      for (let at = from; at < to; at += 1) {
        for (const bits of [0x01, 0x20, 0x80, 0xff]) {
          const changed = tbs.slice();
          changed[at] = (changed[at] ?? 0) ^ bits;
          assert.ok(!passes(changed), `octet ${at - from}, bits ${bits}`);
        }
      }
    });
  }

  it('a changed octet of the key is found', () => {
    const { from, to } = placeOf(spki);
    for (let at = from; at < to; at += 1) {
      const changed = tbs.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      assert.ok(!passes(changed), `octet ${at - from}`);
    }
  });

  it('a missing extension is found, and one that does not belong there', () => {
    for (const { value } of extensions) {
      const { from } = placeOf(value);
      const changed = tbs.slice();
      // The last octet of the object identifier.
      changed[from - 3] = (changed[from - 3] ?? 0) ^ 0x01;
      assert.ok(!passes(changed));
    }
  });
});

describe('lint: hostile input', () => {
  it('is rejected without an exception, however a certificate is mutated', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(tbs.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.nat(tbs.length),
        (changes, length) => {
          const changed = tbs.slice(0, length === 0 ? tbs.length : length);
          for (const [at, octet] of changes) if (at < changed.length) changed[at] = octet;
          passes(changed);
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it('is rejected without an exception, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
        assert.ok(!passes(octets));
      }),
      { numRuns: 500 },
    );
  });
});
