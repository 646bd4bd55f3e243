/**
 * "Only the distribution point field is meaningful in this context. The reasons and cRLIssuer
 * fields MUST be omitted from this CRL extension."
 */
import type { Rule } from '../../rule.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_freshest_crl_has_points_alone: Rule<ExtendedCrl> = {
  name: 'e_crl_freshest_crl_has_points_alone',
  citation: 'RFC 5280 5.2.6',
  effective: '2008-05-01',
  check: ({ extensions: { freshest } }) =>
    freshest?.some(({ hasReasons, hasCrlIssuer }) => hasReasons || hasCrlIssuer) ? 'reasons or cRLIssuer' : null,
};
