/**
 * "Within this profile, the minimum and maximum fields are not used with any name forms, thus, the
 * minimum MUST be zero, and maximum MUST be absent."
 */
import { wrongSubtree } from '../../reading/subtrees.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_name_constraints_have_no_distances: Rule<AnySubject> = {
  name: 'e_name_constraints_have_no_distances',
  citation: 'RFC 5280 4.2.1.10',
  effective: '2008-05-01',
  check: ({ extensions }) => wrongSubtree(extensions, ({ minimum, hasMaximum }) => minimum !== 0 || hasMaximum),
};
