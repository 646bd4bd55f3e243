/** "Conforming CAs MUST mark this extension as critical." */
import type { AnySubject, Rule } from '../../rule.js';

export const e_inhibit_any_policy_is_critical: Rule<AnySubject> = {
  name: 'e_inhibit_any_policy_is_critical',
  citation: 'RFC 5280 4.2.1.14',
  effective: '2008-05-01',
  appliesTo: ({ extensions }) => extensions.has('inhibitAnyPolicy'),
  check: ({ extensions }) => (extensions.isCritical('inhibitAnyPolicy') ? null : 'inhibitAnyPolicy is not critical'),
};
