/** revocationDate is encoded as thisUpdate is: UTCTime through 2049, GeneralizedTime from 2050. */
import type { Rule } from '../../rule.js';
import type { CrlEntrySubject } from '../subjects.js';

/** `YYYYMMDDhhmmss`. */
const YEAR_2050 = 20_500_101_000_000;

export const e_crl_revocation_date_form: Rule<CrlEntrySubject> = {
  name: 'e_crl_revocation_date_form',
  citation: 'RFC 5280 5.1.2.6',
  effective: '2008-05-01',
  check: ({ entry }) => {
    const expected = entry.revokedAt < YEAR_2050 ? 'utcTime' : 'generalizedTime';
    return entry.form === expected ? null : `${entry.form} instead of ${expected}`;
  },
};
