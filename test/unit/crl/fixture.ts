/** A CRL of a made-up issuer, for tests of the encoder and the lint. */
import { oid, printableString, seq, setOf } from '../../../src/asn1/der-writer.js';
import { type CrlHeader, encodeSmallCrl } from '../../../src/crl/encode.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import type { CrlLintContext } from '../../../src/lint/crl/subjects.js';
import type { RevokedEntry } from '../../../src/ports/store/crls.js';

export const AT = Date.parse('2026-03-01T10:00:00Z');

export const CONTEXT = {
  issuer: {
    subjectDer: seq(setOf([seq(oid('2.5.4.6'), printableString('FR'))])),
    signatureAlgorithm: 'ecdsaWithSha256',
    subjectKeyIdentifier: new Uint8Array(20).fill(7),
  },
  lifeMsMax: 7 * DAY_MS,
} as const satisfies CrlLintContext;

export const HEADER: CrlHeader = {
  signatureAlgorithm: 'ecdsaWithSha256',
  issuerDer: CONTEXT.issuer.subjectDer,
  authorityKeyIdentifier: CONTEXT.issuer.subjectKeyIdentifier,
  number: 300,
  base: null,
  thisUpdate: AT,
  nextUpdate: AT + 7 * DAY_MS,
  furtherExtensions: [],
};

export const ENTRIES: readonly RevokedEntry[] = [
  { serial: '00000000000000000000000000000001', at: AT, reason: 'unspecified', invalidityDate: null },
  { serial: '0000a5a5a5a5a5a5a5a5a5a5a5a5a5a5', at: AT + 999, reason: 'keyCompromise', invalidityDate: AT - DAY_MS },
  { serial: '00a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5', at: AT, reason: 'unspecified', invalidityDate: AT - 1 },
  { serial: '0102030405060708090a0b0c0d0e0f10', at: AT, reason: 'certificateHold', invalidityDate: null },
  { serial: '7fffffffffffffffffffffffffffffff', at: AT, reason: 'superseded', invalidityDate: null },
];

export function tbsOf(header: Partial<CrlHeader> = {}, entries: readonly RevokedEntry[] = ENTRIES): Bytes {
  return encodeSmallCrl({ ...HEADER, ...header }, entries);
}
