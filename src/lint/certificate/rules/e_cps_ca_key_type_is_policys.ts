/** The key has the type that the policy gives the authority's next generation. */
import { describeKey, keyTypeRead } from '../../reading/subject-public-key.js';
import type { AuthoritySubject, Rule } from '../../rule.js';

export const e_cps_ca_key_type_is_policys: Rule<AuthoritySubject> = {
  name: 'e_cps_ca_key_type_is_policys',
  citation: 'policy: keyType of the authority; TS 119 312',
  effective: '2026-01-01',
  check: ({ key, authority }) => {
    const found = key();
    if (found.kind === 'unreadable' || keyTypeRead(found) === authority.keyType) return null;
    return `${describeKey(found)} instead of ${authority.keyType}`;
  },
};
