/**
 * "The delta CRL MUST include a critical delta CRL indicator extension": a reader that does not
 * know it would take a delta for a full CRL.
 */
import type { Rule } from '../../rule.js';
import { hasExtension, isCriticalIn } from '../extensions.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_delta_indicator_is_critical: Rule<ExtendedCrl> = {
  name: 'e_crl_delta_indicator_is_critical',
  citation: 'RFC 5280 5.2.4',
  effective: '2008-05-01',
  check: ({ extensions }) =>
    hasExtension(extensions, 'deltaCrlIndicator') && !isCriticalIn(extensions, 'deltaCrlIndicator')
      ? 'not critical'
      : null,
};
