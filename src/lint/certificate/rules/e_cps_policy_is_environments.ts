/** There is one certificate policy, that of the environment. */
import type { Rule } from '../../rule.js';

export const e_cps_policy_is_environments: Rule = {
  name: 'e_cps_policy_is_environments',
  citation: 'policy: policyOid of the environment; RFC 5280 4.2.1.4',
  effective: '2026-01-01',
  check: ({ extensions, environment }) => {
    const found = extensions.get('certificatePolicies')?.map(({ oid }) => oid);
    if (found === undefined) return null;
    return found.length === 1 && found[0] === environment.policyOid
      ? null
      : `${found.join(' ')} instead of ${environment.policyOid}`;
  },
};
