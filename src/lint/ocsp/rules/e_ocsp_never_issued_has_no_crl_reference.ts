/**
 * The response about a certificate that was never issued has no CRL references, because the
 * certificate is on no CRL.
 */
import { OID } from '../../../asn1/oids.js';
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';
import { isOfNeverIssued } from '../subjects.js';

export const e_ocsp_never_issued_has_no_crl_reference: Rule<OcspSingleSubject> = {
  name: 'e_ocsp_never_issued_has_no_crl_reference',
  citation: 'RFC 6960 2.2',
  effective: '2013-06-01',
  check: ({ single }) =>
    isOfNeverIssued(single) && single.extensions.some(({ oid }) => oid === OID.ocspCrlReference)
      ? 'a CRL reference'
      : null,
};
