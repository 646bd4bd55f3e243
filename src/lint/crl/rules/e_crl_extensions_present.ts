/**
 * "Conforming CRL issuers are REQUIRED to include the authority key identifier (Section 5.2.1) and
 * the CRL number (Section 5.2.3) extensions in all CRLs issued."
 */
import type { Rule } from '../../rule.js';
import type { CrlEndSubject } from '../subjects.js';

export const e_crl_extensions_present: Rule<CrlEndSubject> = {
  name: 'e_crl_extensions_present',
  citation: 'RFC 5280 5.1.2.7 and 5.2',
  effective: '2008-05-01',
  check: ({ extensions }) => (extensions === null ? 'no extensions' : null),
};
