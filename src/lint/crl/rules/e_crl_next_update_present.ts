/** "Conforming CRL issuers MUST include the nextUpdate field in all CRLs." */
import type { Rule } from '../../rule.js';
import type { CrlHeaderSubject } from '../subjects.js';

export const e_crl_next_update_present: Rule<CrlHeaderSubject> = {
  name: 'e_crl_next_update_present',
  citation: 'RFC 5280 5.1.2.5 (zlint e_crl_has_next_update)',
  effective: '2008-05-01',
  check: ({ nextUpdate }) => (nextUpdate === null ? 'absent' : null),
};
