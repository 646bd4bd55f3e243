/**
 * "Responses whose nextUpdate value is earlier than the local system time value SHOULD be
 * considered unreliable": such a response would be unreliable from the beginning.
 */
import { formatInstant } from '../../../kernel/clock.js';
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_ocsp_next_update_after_this_update: Rule<OcspSingleSubject> = {
  name: 'e_ocsp_next_update_after_this_update',
  citation: 'RFC 6960 4.2.2.1',
  effective: '2013-06-01',
  check: ({ single: { thisUpdate, nextUpdate } }) =>
    nextUpdate === null || nextUpdate > thisUpdate ? null : formatInstant(nextUpdate),
};
