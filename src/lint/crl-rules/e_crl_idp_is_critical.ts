/** "The issuing distribution point is a critical CRL extension": who does not know it would take a part for the whole. */
import { hasExtension, isCriticalIn } from '../crl-extensions.js';
import type { ExtendedCrl } from '../crl-subjects.js';
import type { Rule } from '../rule.js';

export const e_crl_idp_is_critical: Rule<ExtendedCrl> = {
  name: 'e_crl_idp_is_critical',
  citation: 'RFC 5280 5.2.5',
  effective: '2008-05-01',
  check: ({ extensions }) =>
    hasExtension(extensions, 'issuingDistributionPoint') && !isCriticalIn(extensions, 'issuingDistributionPoint')
      ? 'not critical'
      : null,
};
