/** The version is v1, the DEFAULT, which DER does not encode. */
import type { Rule } from '../../rule.js';
import type { OcspSubject } from '../subjects.js';

export const e_ocsp_version_is_v1: Rule<OcspSubject> = {
  name: 'e_ocsp_version_is_v1',
  citation: 'RFC 6960 4.2.1; X.690 11.5',
  effective: '2013-06-01',
  check: ({ response: { version } }) => (version === null ? null : `version ${version} is written`),
};
