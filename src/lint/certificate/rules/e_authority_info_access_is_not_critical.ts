/**
 * "Conforming CAs MUST mark this extension as non-critical": a reader that cannot follow an address
 * can still use the certificate.
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_authority_info_access_is_not_critical: Rule<AnySubject> = {
  name: 'e_authority_info_access_is_not_critical',
  citation: 'RFC 5280 4.2.2.1',
  effective: '2008-05-01',
  check: ({ extensions }) => (extensions.isCritical('authorityInfoAccess') ? 'authorityInfoAccess is critical' : null),
};
