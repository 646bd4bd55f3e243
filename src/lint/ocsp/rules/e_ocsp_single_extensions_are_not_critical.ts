/** "The critical flag SHOULD NOT be set for any of them." */
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_ocsp_single_extensions_are_not_critical: Rule<OcspSingleSubject> = {
  name: 'e_ocsp_single_extensions_are_not_critical',
  citation: 'RFC 6960 4.4',
  effective: '2013-06-01',
  check: ({ single: { extensions } }) => extensions.find(({ critical }) => critical)?.oid ?? null,
};
