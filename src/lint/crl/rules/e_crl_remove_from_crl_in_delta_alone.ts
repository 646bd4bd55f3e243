/** "The removeFromCRL (8) reasonCode value may only appear in delta CRLs." */
import type { Rule } from '../../rule.js';
import { hasExtension } from '../extensions.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_remove_from_crl_in_delta_alone: Rule<ExtendedCrl> = {
  name: 'e_crl_remove_from_crl_in_delta_alone',
  citation: 'RFC 5280 5.3.1',
  effective: '2008-05-01',
  check: ({ totals, extensions }) =>
    totals.firstRemoved > 0 && !hasExtension(extensions, 'deltaCrlIndicator')
      ? `removeFromCRL at entry ${totals.firstRemoved}`
      : null,
};
