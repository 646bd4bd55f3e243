/**
 * There are authorityKeyIdentifier, cRLNumber, deltaCRLIndicator, issuingDistributionPoint and
 * freshestCRL alone: readers ignore what they do not know.
 */
import { OID } from '../../../asn1/oids.js';
import type { Rule } from '../../rule.js';
import { CRL_EXTENSIONS } from '../extensions.js';
import type { ExtendedCrl } from '../subjects.js';

const OURS: ReadonlySet<string> = new Set([
  OID.authorityKeyIdentifier,
  OID.crlNumber,
  OID.deltaCrlIndicator,
  OID.issuingDistributionPoint,
  OID.freshestCrl,
]);

export const e_cps_crl_extensions_are_ours: Rule<ExtendedCrl> = {
  name: 'e_cps_crl_extensions_are_ours',
  citation: "the platform's own; RFC 5280 5.2",
  effective: '2026-01-01',
  check: ({ extensions: { all } }) => {
    const other = all.find(({ oid, critical }) => !OURS.has(oid) && !(critical && !CRL_EXTENSIONS.has(oid)));
    return other === undefined ? null : other.oid;
  },
};
