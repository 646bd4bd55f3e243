/**
 * The reasons are keyCompromise, affiliationChanged, superseded, cessationOfOperation,
 * certificateHold and privilegeWithdrawn, and removeFromCRL, for which there is another rule. The
 * compromise of an authority is listed as keyCompromise on the CRL of its root, by a ceremony.
 */
import type { Rule } from '../../rule.js';
import type { CrlEntrySubject } from '../subjects.js';

export const e_cps_crl_reason_is_ours: Rule<CrlEntrySubject> = {
  name: 'e_cps_crl_reason_is_ours',
  citation: 'policy: reasons of revocation; RFC 5280 5.3.1 (zlint e_cab_crl_has_valid_reason_code)',
  effective: '2026-01-01',
  check: ({ entry: { reason } }) => (reason === 2 || reason === 10 ? `reason ${reason}` : null),
};
