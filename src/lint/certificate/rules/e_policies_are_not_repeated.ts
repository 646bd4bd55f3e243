/**
 * "A certificate policy OID MUST NOT appear more than once in a certificate policies extension."
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_policies_are_not_repeated: Rule<AnySubject> = {
  name: 'e_policies_are_not_repeated',
  citation: 'RFC 5280 4.2.1.4',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const policies = extensions.get('certificatePolicies') ?? [];
    const again = policies.find(({ oid }, at) => policies.findIndex((other) => other.oid === oid) !== at);
    return again === undefined ? null : again.oid;
  },
};
