/**
 * "Conforming CAs MUST NOT issue certificates where policy constraints is an empty sequence. That
 * is, either the inhibitPolicyMapping field or the requireExplicitPolicy field MUST be present."
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_policy_constraints_are_not_empty: Rule<AnySubject> = {
  name: 'e_policy_constraints_are_not_empty',
  citation: 'RFC 5280 4.2.1.11',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const found = extensions.get('policyConstraints');
    return found !== null && found.requireExplicitPolicy === null && found.inhibitPolicyMapping === null
      ? 'an empty sequence'
      : null;
  },
};
