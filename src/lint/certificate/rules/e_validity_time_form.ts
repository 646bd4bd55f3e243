/**
 * "CAs conforming to this profile MUST always encode certificate validity dates through the year
 * 2049 as UTCTime; certificate validity dates in 2050 or later MUST be encoded as GeneralizedTime."
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_validity_time_form: Rule<AnySubject> = {
  name: 'e_validity_time_form',
  citation: 'RFC 5280 4.1.2.5',
  effective: '2008-05-01',
  check: ({ certificate }) => {
    for (const field of ['notBefore', 'notAfter'] as const) {
      const { form, at } = certificate.tbs[field];
      const expected = new Date(at).getUTCFullYear() < 2050 ? 'utcTime' : 'generalizedTime';
      if (form !== expected) return `${field}: ${form} instead of ${expected}`;
    }
    return null;
  },
};
