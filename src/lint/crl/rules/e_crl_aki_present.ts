/**
 * "Conforming CRL issuers MUST use the key identifier method, and MUST include this extension in
 * all CRLs issued."
 */
import type { Rule } from '../../rule.js';
import { hasExtension } from '../extensions.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_aki_present: Rule<ExtendedCrl> = {
  name: 'e_crl_aki_present',
  citation: 'RFC 5280 5.2.1',
  effective: '2008-05-01',
  check: ({ extensions }) => (hasExtension(extensions, 'authorityKeyIdentifier') ? null : 'absent'),
};
