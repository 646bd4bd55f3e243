/**
 * "Conforming CAs MUST include this extension in all CA certificates ... and MUST mark the
 * extension as critical."
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_ca_basic_constraints_are_critical: Rule<AnySubject> = {
  name: 'e_ca_basic_constraints_are_critical',
  citation: 'RFC 5280 4.2.1.9',
  effective: '2008-05-01',
  appliesTo: ({ extensions }) => extensions.has('basicConstraints'),
  check: ({ extensions }) => (extensions.isCritical('basicConstraints') ? null : 'basicConstraints is not critical'),
};
