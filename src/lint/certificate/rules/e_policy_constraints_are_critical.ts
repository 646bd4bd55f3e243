/** "Conforming CAs MUST mark this extension as critical." */
import type { AnySubject, Rule } from '../../rule.js';

export const e_policy_constraints_are_critical: Rule<AnySubject> = {
  name: 'e_policy_constraints_are_critical',
  citation: 'RFC 5280 4.2.1.11',
  effective: '2008-05-01',
  appliesTo: ({ extensions }) => extensions.has('policyConstraints'),
  check: ({ extensions }) => (extensions.isCritical('policyConstraints') ? null : 'policyConstraints is not critical'),
};
