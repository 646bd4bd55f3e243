/**
 * "Each distribution point name provides the location at which a delta CRL for this complete CRL
 * can be found."
 */
import type { Rule } from '../../rule.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_freshest_crl_points_have_names: Rule<ExtendedCrl> = {
  name: 'e_crl_freshest_crl_points_have_names',
  citation: 'RFC 5280 5.2.6',
  effective: '2008-05-01',
  check: ({ extensions: { freshest } }) =>
    freshest?.some(({ fullName }) => fullName === null) ? 'a point without a full name' : null,
};
