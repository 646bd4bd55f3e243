/** There are reasonCode and invalidityDate alone: readers ignore what they do not know. */
import type { Rule } from '../../rule.js';
import type { CrlEntrySubject } from '../subjects.js';

export const e_cps_crl_entry_extensions_are_ours: Rule<CrlEntrySubject> = {
  name: 'e_cps_crl_entry_extensions_are_ours',
  citation: "the platform's own; RFC 5280 5.3",
  effective: '2026-01-01',
  check: ({ entry: { unknown, unknownIsCritical, hasCertificateIssuer } }) => {
    if (hasCertificateIssuer) return 'certificateIssuer';
    return unknownIsCritical ? null : unknown;
  },
};
