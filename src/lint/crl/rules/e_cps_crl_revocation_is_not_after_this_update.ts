/** A CRL lists only revocations that happened before it was issued. */
import type { Rule } from '../../rule.js';
import type { CrlEntrySubject } from '../subjects.js';

export const e_cps_crl_revocation_is_not_after_this_update: Rule<CrlEntrySubject> = {
  name: 'e_cps_crl_revocation_is_not_after_this_update',
  citation: "the platform's own; RFC 5280 5.1.2.4 and 5.1.2.6",
  effective: '2026-01-01',
  check: ({ entry: { revokedAt }, thisUpdate }) =>
    revokedAt > thisUpdate ? `${revokedAt}, thisUpdate ${thisUpdate}` : null,
};
