/**
 * "Each extension includes an OID and an ASN.1 structure": the value is DER with the members of its
 * definition.
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_extension_values_are_well_formed: Rule<AnySubject> = {
  name: 'e_extension_values_are_well_formed',
  citation: 'RFC 5280 4.2; X.690 10 and 11',
  effective: '2008-05-01',
  check: ({ extensions }) => extensions.faults().join('; ') || null,
};
