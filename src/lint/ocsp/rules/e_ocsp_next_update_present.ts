/**
 * Each response has nextUpdate: without it newer information may exist at any time, and no cache
 * may store the response.
 */
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_ocsp_next_update_present: Rule<OcspSingleSubject> = {
  name: 'e_ocsp_next_update_present',
  citation: 'RFC 9919 3.2.4; RFC 6960 4.2.2.1',
  effective: '2007-09-01',
  check: ({ single: { nextUpdate } }) => (nextUpdate === null ? 'absent' : null),
};
