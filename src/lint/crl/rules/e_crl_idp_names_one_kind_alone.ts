/**
 * "At most one of onlyContainsUserCerts, onlyContainsCACerts, and onlyContainsAttributeCerts may be
 * set to TRUE."
 */
import type { Rule } from '../../rule.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_idp_names_one_kind_alone: Rule<ExtendedCrl> = {
  name: 'e_crl_idp_names_one_kind_alone',
  citation: 'RFC 5280 5.2.5',
  effective: '2008-05-01',
  check: ({ extensions: { issuingPoint: point } }) =>
    point !== null && [point.onlyUserCerts, point.onlyCaCerts, point.onlyAttributeCerts].filter(Boolean).length > 1
      ? 'more than one'
      : null,
};
