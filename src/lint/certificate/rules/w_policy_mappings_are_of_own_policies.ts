/**
 * "Each issuerDomainPolicy named in the policy mappings extension SHOULD also be asserted in a
 * certificate policies extension in the same certificate."
 */
import type { AnySubject, Rule } from '../../rule.js';

export const w_policy_mappings_are_of_own_policies: Rule<AnySubject> = {
  name: 'w_policy_mappings_are_of_own_policies',
  citation: 'RFC 5280 4.2.1.5',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const mappings = extensions.get('policyMappings');
    if (mappings === null) return null;
    const own = (extensions.get('certificatePolicies') ?? []).map(({ oid }) => oid);
    return mappings.find(({ issuerDomain }) => !own.includes(issuerDomain))?.issuerDomain ?? null;
  },
};
