/**
 * Each character has one encoding (normalization form C), and the only space is U+0020, because
 * readers treat others differently.
 */
import { firstFault } from '../../reading/names.js';
import type { CertificateSubject, Rule } from '../../rule.js';

export const e_cps_subject_is_in_normal_form: Rule<CertificateSubject> = {
  name: 'e_cps_subject_is_in_normal_form',
  citation: 'RFC 5198 3; Unicode annex 15; RFC 4518 2.3 and 2.6.1',
  effective: '2026-01-01',
  check: ({ certificate }) =>
    firstFault(certificate.tbs.subject, ({ value }) => {
      if (value !== value.normalize('NFC')) return 'not in normalization form C';
      return /(?! )\p{Zs}/u.test(value) ? 'a space that is not U+0020' : null;
    }),
};
