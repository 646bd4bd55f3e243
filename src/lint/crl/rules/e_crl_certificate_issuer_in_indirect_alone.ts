/**
 * "This CRL entry extension identifies the certificate issuer associated with an entry in an
 * indirect CRL, that is, a CRL that has the indirectCRL indicator set in its issuing distribution
 * point extension."
 */
import type { Rule } from '../../rule.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_certificate_issuer_in_indirect_alone: Rule<ExtendedCrl> = {
  name: 'e_crl_certificate_issuer_in_indirect_alone',
  citation: 'RFC 5280 5.3.3',
  effective: '2008-05-01',
  check: ({ totals, extensions: { issuingPoint } }) =>
    totals.firstOfAnotherIssuer > 0 && issuingPoint?.isIndirect !== true
      ? `certificateIssuer at entry ${totals.firstOfAnotherIssuer}`
      : null,
};
