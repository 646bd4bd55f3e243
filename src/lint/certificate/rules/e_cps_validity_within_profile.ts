/**
 * The validity is at most that of the profile, to the second: it includes both ends (RFC 5280
 * 4.1.2.5).
 */
import { formatInstant } from '../../../kernel/clock.js';
import type { Rule } from '../../rule.js';
import { latestEnd } from '../expected.js';

export const e_cps_validity_within_profile: Rule = {
  name: 'e_cps_validity_within_profile',
  citation: 'policy: validity of the profile; RFC 5280 4.1.2.5',
  effective: '2026-01-01',
  check: ({ certificate, profile }) => {
    const { notBefore, notAfter } = certificate.tbs;
    const latest = latestEnd(notBefore.at, profile);
    return notAfter.at <= latest
      ? null
      : `until ${formatInstant(notAfter.at)} instead of ${formatInstant(latest)} at most`;
  },
};
