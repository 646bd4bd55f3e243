/**
 * reasonCode is an ENUMERATED, invalidityDate a GeneralizedTime in Zulu with seconds and without
 * fractions, and certificateIssuer consists of names.
 */
import type { Rule } from '../../rule.js';
import type { CrlEntrySubject } from '../subjects.js';

export const e_crl_entry_extension_values_are_well_formed: Rule<CrlEntrySubject> = {
  name: 'e_crl_entry_extension_values_are_well_formed',
  citation: 'RFC 5280 5.3.1, 5.3.2 and 5.3.3',
  effective: '2008-05-01',
  check: ({ entry }) => entry.fault,
};
