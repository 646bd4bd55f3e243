/**
 * "Conforming CRLs issuers MUST NOT issue CRLs where the DER encoding of the issuing distribution
 * point extension is an empty sequence."
 */
import { OID } from '../../../asn1/oids.js';
import type { Rule } from '../../rule.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_idp_is_not_empty: Rule<ExtendedCrl> = {
  name: 'e_crl_idp_is_not_empty',
  citation: 'RFC 5280 5.2.5',
  effective: '2008-05-01',
  check: ({ extensions: { all } }) =>
    all.some(({ oid, value }) => oid === OID.issuingDistributionPoint && value.length === 2)
      ? 'an empty SEQUENCE'
      : null,
};
