/** A CA signs the CRLs of its certificates: cRLSign is set. */
import type { AnySubject, Rule } from '../../rule.js';
import { KEY_USAGE_BITS } from '../expected.js';

export const e_ca_key_usage_has_list_signing: Rule<AnySubject> = {
  name: 'e_ca_key_usage_has_list_signing',
  citation: 'RFC 5280 4.2.1.3; CA/Browser Forum Baseline Requirements 7.1.2',
  effective: '2012-07-01',
  check: ({ extensions }) =>
    extensions.get('keyUsage')?.includes(KEY_USAGE_BITS.cRLSign) === false ? 'no cRLSign' : null,
};
