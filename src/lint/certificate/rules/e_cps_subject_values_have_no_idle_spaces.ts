/**
 * Spaces at an end and double spaces are insignificant where names are compared: two spellings of
 * one name.
 */
import { firstFault } from '../../reading/names.js';
import type { CertificateSubject, Rule } from '../../rule.js';

export const e_cps_subject_values_have_no_idle_spaces: Rule<CertificateSubject> = {
  name: 'e_cps_subject_values_have_no_idle_spaces',
  citation: 'RFC 4518 2.6.1, by RFC 5280 7.1',
  effective: '2026-01-01',
  check: ({ certificate }) =>
    firstFault(certificate.tbs.subject, ({ value }) =>
      /^ | $| {2}/.test(value) ? `idle spaces in ${JSON.stringify(value)}` : null,
    ),
};
