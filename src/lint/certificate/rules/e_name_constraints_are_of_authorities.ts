/** "The name constraints extension ... MUST be used only in a CA certificate." */
import type { AnySubject, Rule } from '../../rule.js';

export const e_name_constraints_are_of_authorities: Rule<AnySubject> = {
  name: 'e_name_constraints_are_of_authorities',
  citation: 'RFC 5280 4.2.1.10',
  effective: '2008-05-01',
  check: ({ extensions }) => (extensions.has('nameConstraints') ? 'nameConstraints' : null),
};
