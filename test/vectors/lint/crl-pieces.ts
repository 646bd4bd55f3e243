/** Parts of broken CRLs. */
import { contextConstructed, enumerated, integer, nullValue, seq, tagged } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, fromHex, utf8 } from '../../../src/kernel/bytes.js';
import type { CrlLintContext } from '../../../src/lint/crl/subjects.js';
import type { Extension } from '../../../src/x509/model.js';
import { type CrlParts, withCrlExtension } from '../../support/lint/crl-fixtures.js';

export const hex = (text: string): Bytes => present(fromHex(text), 'hex');
export const TRUE = Uint8Array.of(0xff);

/** Allows deltas and partitions, as CRLs of other issuers or where both are published. */
export const anyScope = (context: CrlLintContext): CrlLintContext => ({ ...context, shapes: 'any' });
export const foreign = (context: CrlLintContext): CrlLintContext => ({ ...context, ruleSet: 'standards' });

export const extension = (name: keyof typeof OID, value: Bytes, critical = false): Extension => ({
  oid: OID[name],
  critical,
  value,
});
export const STRANGE: Extension = { oid: '1.2.250.1.71.9.9', critical: false, value: nullValue() };
export const reason = (code: number, critical = false) => extension('reasonCode', enumerated(code), critical);
export const uri = (address: string): Bytes => tagged(0x86, utf8(address));
export const ADDRESS = uri('http://crl.example.fr/a.crl');
export const pointAt = (address: string): Bytes => contextConstructed(0, contextConstructed(0, uri(address)));
export const POINT = contextConstructed(0, contextConstructed(0, ADDRESS));
export const directoryName = (parts: CrlParts): Bytes => tagged(0xa4, parts.issuer);

/** A delta to the CRL before the one that it is made from. */
export const DELTA = withCrlExtension('deltaCrlIndicator', integer(1), true);
export const part = (...flags: readonly Bytes[]) =>
  withCrlExtension('issuingDistributionPoint', seq(POINT, ...flags), true);
