/**
 * "CRL issuers MUST mark this extension as critical since an implementation that ignored this
 * extension could not correctly attribute CRL entries to certificates."
 */
import type { Rule } from '../../rule.js';
import type { CrlEntrySubject } from '../subjects.js';

export const e_crl_certificate_issuer_is_critical: Rule<CrlEntrySubject> = {
  name: 'e_crl_certificate_issuer_is_critical',
  citation: 'RFC 5280 5.3.3',
  effective: '2008-05-01',
  check: ({ entry }) => (entry.hasCertificateIssuer && !entry.certificateIssuerIsCritical ? 'not critical' : null),
};
