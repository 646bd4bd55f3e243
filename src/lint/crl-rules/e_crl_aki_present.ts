/** "Conforming CRL issuers MUST use the key identifier method, and MUST include this extension in all CRLs issued." */
import { hasExtension } from '../crl-extensions.js';
import type { ExtendedCrl } from '../crl-subjects.js';
import type { Rule } from '../rule.js';

export const e_crl_aki_present: Rule<ExtendedCrl> = {
  name: 'e_crl_aki_present',
  citation: 'RFC 5280 5.2.1',
  effective: '2008-05-01',
  check: ({ extensions }) => (hasExtension(extensions, 'authorityKeyIdentifier') ? null : 'absent'),
};
