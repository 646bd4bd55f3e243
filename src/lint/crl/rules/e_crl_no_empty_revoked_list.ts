/** "When there are no revoked certificates, the revoked certificates list MUST be absent." */
import type { Rule } from '../../rule.js';
import type { CrlEndSubject } from '../subjects.js';

export const e_crl_no_empty_revoked_list: Rule<CrlEndSubject> = {
  name: 'e_crl_no_empty_revoked_list',
  citation: 'RFC 5280 5.1.2.6',
  effective: '2008-05-01',
  check: ({ totals }) => (totals.listBytes === 0 ? 'an empty revokedCertificates' : null),
};
