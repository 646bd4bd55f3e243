/** DirectoryString and its forms are SIZE (1..MAX), so no value is empty. */
import { firstFault } from '../../reading/names.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_subject_values_are_not_empty: Rule<AnySubject> = {
  name: 'e_subject_values_are_not_empty',
  citation: 'RFC 5280 appendix A.1',
  effective: '2008-05-01',
  check: ({ certificate }) => firstFault(certificate.tbs.subject, ({ value }) => (value === '' ? 'empty' : null)),
};
