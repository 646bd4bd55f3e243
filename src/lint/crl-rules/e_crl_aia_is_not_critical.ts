/** "This CRL extension MUST be marked as non-critical." */
import { isCriticalIn } from '../crl-extensions.js';
import type { ExtendedCrl } from '../crl-subjects.js';
import type { Rule } from '../rule.js';

export const e_crl_aia_is_not_critical: Rule<ExtendedCrl> = {
  name: 'e_crl_aia_is_not_critical',
  citation: 'RFC 5280 5.2.7',
  effective: '2008-05-01',
  check: ({ extensions }) => (isCriticalIn(extensions, 'authorityInfoAccess') ? 'critical' : null),
};
