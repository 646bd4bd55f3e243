/**
 * "CRL issuers conforming to this profile MUST encode thisUpdate as UTCTime for dates through the
 * year 2049" and "as GeneralizedTime for dates in the year 2050 or later"; the same applies to
 * nextUpdate.
 */
import type { Rule } from '../../rule.js';
import type { CrlHeaderSubject } from '../subjects.js';

export const e_crl_time_form: Rule<CrlHeaderSubject> = {
  name: 'e_crl_time_form',
  citation: 'RFC 5280 5.1.2.4 and 5.1.2.5',
  effective: '2008-05-01',
  check: ({ thisUpdate, nextUpdate }) => {
    for (const [field, time] of [
      ['thisUpdate', thisUpdate],
      ['nextUpdate', nextUpdate],
    ] as const) {
      if (time === null) continue;
      const expected = new Date(time.at).getUTCFullYear() < 2050 ? 'utcTime' : 'generalizedTime';
      if (time.form !== expected) return `${field}: ${time.form} instead of ${expected}`;
    }
    return null;
  },
};
