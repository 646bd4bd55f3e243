/**
 * "If the cA boolean is not asserted, then the certified public key MUST NOT be used to verify
 * certificate signatures."
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_ca_basic_constraints_name_an_authority: Rule<AnySubject> = {
  name: 'e_ca_basic_constraints_name_an_authority',
  citation: 'RFC 5280 4.2.1.9',
  effective: '2008-05-01',
  check: ({ extensions }) => (extensions.get('basicConstraints')?.cA === false ? 'cA FALSE' : null),
};
