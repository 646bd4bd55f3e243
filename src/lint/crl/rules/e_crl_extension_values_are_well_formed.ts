/** The value of each extension is DER and follows its syntax. */
import type { Rule } from '../../rule.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_extension_values_are_well_formed: Rule<ExtendedCrl> = {
  name: 'e_crl_extension_values_are_well_formed',
  citation: 'RFC 5280 5.2; X.690 10 and 11',
  effective: '2008-05-01',
  check: ({ extensions: { faults } }) => faults[0] ?? null,
};
