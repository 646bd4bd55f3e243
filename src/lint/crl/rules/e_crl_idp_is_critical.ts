/**
 * "The issuing distribution point is a critical CRL extension": a reader that does not know it
 * would take a part for the whole.
 */
import type { Rule } from '../../rule.js';
import { hasExtension, isCriticalIn } from '../extensions.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_idp_is_critical: Rule<ExtendedCrl> = {
  name: 'e_crl_idp_is_critical',
  citation: 'RFC 5280 5.2.5',
  effective: '2008-05-01',
  check: ({ extensions }) =>
    hasExtension(extensions, 'issuingDistributionPoint') && !isCriticalIn(extensions, 'issuingDistributionPoint')
      ? 'not critical'
      : null,
};
