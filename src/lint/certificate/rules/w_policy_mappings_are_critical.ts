/** "Conforming CAs SHOULD mark this extension as critical." */
import type { AnySubject, Rule } from '../../rule.js';

export const w_policy_mappings_are_critical: Rule<AnySubject> = {
  name: 'w_policy_mappings_are_critical',
  citation: 'RFC 5280 4.2.1.5',
  effective: '2008-05-01',
  appliesTo: ({ extensions }) => extensions.has('policyMappings'),
  check: ({ extensions }) => (extensions.isCritical('policyMappings') ? null : 'policyMappings is not critical'),
};
