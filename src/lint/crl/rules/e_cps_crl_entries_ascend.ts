/**
 * Serial numbers ascend, so that one pass over a CRL of any length can check that none is listed
 * twice.
 */
import type { Rule } from '../../rule.js';
import type { CrlEntrySubject } from '../subjects.js';

export const e_cps_crl_entries_ascend: Rule<CrlEntrySubject> = {
  name: 'e_cps_crl_entries_ascend',
  citation: "the platform's own order",
  effective: '2026-01-01',
  check: ({ entry }) => (entry.order === 'before' ? 'a smaller serial number than that of the entry before' : null),
};
