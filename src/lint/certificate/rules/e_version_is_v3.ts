/** "When extensions are used, as expected in this profile, version MUST be 3 (value is 2)." */
import type { AnySubject, Rule } from '../../rule.js';

export const e_version_is_v3: Rule<AnySubject> = {
  name: 'e_version_is_v3',
  citation: 'RFC 5280 4.1.2.1',
  effective: '2008-05-01',
  check: ({ certificate }) => (certificate.tbs.version === 3 ? null : `version ${certificate.tbs.version}`),
};
