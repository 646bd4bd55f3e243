/** "Where present, conforming CAs SHOULD mark this extension as non-critical." */
import type { AnySubject, Rule } from '../../rule.js';

export const w_issuer_alternative_name_is_not_critical: Rule<AnySubject> = {
  name: 'w_issuer_alternative_name_is_not_critical',
  citation: 'RFC 5280 4.2.1.7',
  effective: '2008-05-01',
  check: ({ extensions }) => (extensions.isCritical('issuerAltName') ? 'issuerAltName is critical' : null),
};
