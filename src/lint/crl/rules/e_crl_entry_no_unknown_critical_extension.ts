/**
 * "If a CRL contains a critical CRL entry extension that the application cannot process, then the
 * application MUST NOT use that CRL": no reader could use it.
 */
import type { Rule } from '../../rule.js';
import type { CrlEntrySubject } from '../subjects.js';

export const e_crl_entry_no_unknown_critical_extension: Rule<CrlEntrySubject> = {
  name: 'e_crl_entry_no_unknown_critical_extension',
  citation: 'RFC 5280 5.3',
  effective: '2008-05-01',
  check: ({ entry }) => (entry.unknownIsCritical ? `${entry.unknown} is critical` : null),
};
