/** "This extension MUST NOT appear in delta CRLs." */
import type { Rule } from '../../rule.js';
import { hasExtension } from '../extensions.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_delta_has_no_freshest_crl: Rule<ExtendedCrl> = {
  name: 'e_crl_delta_has_no_freshest_crl',
  citation: 'RFC 5280 5.2.6',
  effective: '2008-05-01',
  check: ({ extensions }) =>
    hasExtension(extensions, 'deltaCrlIndicator') && hasExtension(extensions, 'freshestCrl') ? 'both' : null,
};
