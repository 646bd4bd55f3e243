/** "The critical flag SHOULD NOT be set for any of them." */
import type { Rule } from '../../rule.js';
import type { OcspSubject } from '../subjects.js';

export const e_ocsp_extensions_are_not_critical: Rule<OcspSubject> = {
  name: 'e_ocsp_extensions_are_not_critical',
  citation: 'RFC 6960 4.4',
  effective: '2013-06-01',
  check: ({ response: { extensions } }) => extensions.find(({ critical }) => critical)?.oid ?? null,
};
