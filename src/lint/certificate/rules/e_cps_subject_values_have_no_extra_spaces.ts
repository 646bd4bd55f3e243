/**
 * Leading, trailing and double spaces are insignificant where names are compared, so they would
 * give one name two spellings.
 */
import { firstFault } from '../../reading/names.js';
import type { CertificateSubject, Rule } from '../../rule.js';

export const e_cps_subject_values_have_no_extra_spaces: Rule<CertificateSubject> = {
  name: 'e_cps_subject_values_have_no_extra_spaces',
  citation: 'RFC 4518 2.6.1, by RFC 5280 7.1',
  effective: '2026-01-01',
  check: ({ certificate }) =>
    firstFault(certificate.tbs.subject, ({ value }) =>
      /^ | $| {2}/.test(value) ? `extra spaces in ${JSON.stringify(value)}` : null,
    ),
};
