/**
 * "When extensions are used, as required by this profile, this field MUST be present and MUST
 * specify version 2 (the integer value is 1)."
 */
import type { Rule } from '../../rule.js';
import type { CrlHeaderSubject } from '../subjects.js';

export const e_crl_version_is_v2: Rule<CrlHeaderSubject> = {
  name: 'e_crl_version_is_v2',
  citation: 'RFC 5280 5.1.2.1',
  effective: '2008-05-01',
  check: ({ version }) => (version === 1 ? null : `version ${version ?? 'absent'}`),
};
