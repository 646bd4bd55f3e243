/** "CRL issuers conforming to this profile MUST include this extension in all CRLs." */
import type { Rule } from '../../rule.js';
import { hasExtension } from '../extensions.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_number_present: Rule<ExtendedCrl> = {
  name: 'e_crl_number_present',
  citation: 'RFC 5280 5.2.3',
  effective: '2008-05-01',
  check: ({ extensions }) => (hasExtension(extensions, 'crlNumber') ? null : 'absent'),
};
