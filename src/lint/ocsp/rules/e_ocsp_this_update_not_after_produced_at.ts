/**
 * thisUpdate is "the most recent time at which the status being indicated is known", so it is not
 * after producedAt.
 */
import { formatInstant } from '../../../kernel/clock.js';
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_ocsp_this_update_not_after_produced_at: Rule<OcspSingleSubject> = {
  name: 'e_ocsp_this_update_not_after_produced_at',
  citation: 'RFC 6960 2.4 and 4.2.1',
  effective: '2013-06-01',
  check: ({ single: { thisUpdate }, response: { producedAt } }) =>
    thisUpdate > producedAt ? formatInstant(thisUpdate) : null,
};
