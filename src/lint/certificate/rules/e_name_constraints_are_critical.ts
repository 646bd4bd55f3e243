/**
 * "Conforming CAs MUST mark this extension as critical": a reader that does not know it would
 * accept every name.
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_name_constraints_are_critical: Rule<AnySubject> = {
  name: 'e_name_constraints_are_critical',
  citation: 'RFC 5280 4.2.1.10',
  effective: '2008-05-01',
  appliesTo: ({ extensions }) => extensions.has('nameConstraints'),
  check: ({ extensions }) => (extensions.isCritical('nameConstraints') ? null : 'nameConstraints is not critical'),
};
