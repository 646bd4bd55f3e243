/** "This extension SHOULD be a non-critical extension." */
import type { AnySubject, Rule } from '../../rule.js';

export const w_ocsp_nocheck_is_not_critical: Rule<AnySubject> = {
  name: 'w_ocsp_nocheck_is_not_critical',
  citation: 'RFC 6960 4.2.2.2.1',
  effective: '2013-06-01',
  check: ({ extensions }) => (extensions.isCritical('ocspNoCheck') ? 'ocspNoCheck is critical' : null),
};
