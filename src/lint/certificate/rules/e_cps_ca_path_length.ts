/**
 * An issuing authority has no CA below it: pathLenConstraint is 0. A root has no constraint, as in
 * today's certificates.
 */
import type { AuthoritySubject, Rule } from '../../rule.js';

export const e_cps_ca_path_length: Rule<AuthoritySubject> = {
  name: 'e_cps_ca_path_length',
  citation: 'profiles of the sector: authorities; RFC 5280 4.2.1.9',
  effective: '2026-01-01',
  check: ({ extensions, authority }) => {
    const constraints = extensions.get('basicConstraints');
    const expected = authority.kind === 'root' ? null : 0;
    // Without cA there is no path; another rule reports that.
    if (constraints === null || !constraints.cA || constraints.pathLength === expected) return null;
    return `pathLenConstraint ${constraints.pathLength ?? 'absent'} instead of ${expected ?? 'absent'}`;
  },
};
