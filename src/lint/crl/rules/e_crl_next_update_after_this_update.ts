/** nextUpdate is after thisUpdate: a CRL that is expired when it is issued is of no use. */
import { formatInstant } from '../../../kernel/clock.js';
import type { Rule } from '../../rule.js';
import type { CrlHeaderSubject } from '../subjects.js';

export const e_crl_next_update_after_this_update: Rule<CrlHeaderSubject> = {
  name: 'e_crl_next_update_after_this_update',
  citation: 'RFC 5280 5.1.2.5',
  effective: '2008-05-01',
  check: ({ thisUpdate, nextUpdate }) =>
    nextUpdate === null || nextUpdate.at > thisUpdate.at ? null : formatInstant(nextUpdate.at),
};
