/**
 * The validity is at most that of the policy, to the second: it includes both ends (RFC 5280
 * 4.1.2.5).
 */
import { addYears, formatInstant } from '../../../kernel/clock.js';
import { DAY_MS, SECOND_MS } from '../../../kernel/duration.js';
import type { AuthoritySubject, Rule } from '../../rule.js';

export const e_cps_ca_validity_within_policy: Rule<AuthoritySubject> = {
  name: 'e_cps_ca_validity_within_policy',
  citation: 'policy: validity of the authority; RFC 5280 4.1.2.5',
  effective: '2026-01-01',
  check: ({ certificate, authority }) => {
    const { notBefore, notAfter } = certificate.tbs;
    const { years, daysLess } = authority.validity;
    const latest = addYears(notBefore.at, years) - daysLess * DAY_MS - SECOND_MS;
    return notAfter.at <= latest
      ? null
      : `until ${formatInstant(notAfter.at)} instead of ${formatInstant(latest)} at most`;
  },
};
