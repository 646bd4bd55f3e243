/**
 * "The cA boolean indicates whether the certified public key may be used to verify certificate
 * signatures": in an end-entity certificate it is never TRUE.
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_basic_constraints_name_no_authority: Rule<AnySubject> = {
  name: 'e_basic_constraints_name_no_authority',
  citation: 'RFC 5280 4.2.1.9',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const constraints = extensions.get('basicConstraints');
    if (constraints === null) return null;
    if (constraints.cA) return 'cA TRUE';
    return constraints.pathLength === null ? null : 'pathLenConstraint';
  },
};
