/**
 * "The extension MUST be marked as non-critical by conforming CAs": clients may ignore delta CRLs.
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_freshest_crl_is_not_critical: Rule<AnySubject> = {
  name: 'e_freshest_crl_is_not_critical',
  citation: 'RFC 5280 4.2.1.15',
  effective: '2008-05-01',
  check: ({ extensions }) => (extensions.isCritical('freshestCrl') ? 'freshestCrl is critical' : null),
};
