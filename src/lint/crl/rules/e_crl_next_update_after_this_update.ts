/**
 * The next list is issued later than this one: a list that is over when it is issued tells nobody
 * anything.
 */
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
