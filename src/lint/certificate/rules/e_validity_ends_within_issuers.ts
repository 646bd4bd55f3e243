/**
 * A certificate that outlives its issuer's can neither be validated at its end nor have a known
 * status then (6.1.3 (a) (2)).
 */
import { formatInstant } from '../../../kernel/clock.js';
import type { IssuedSubject, Rule } from '../../rule.js';

export const e_validity_ends_within_issuers: Rule<IssuedSubject> = {
  name: 'e_validity_ends_within_issuers',
  citation: 'RFC 5280 6.1.3',
  effective: '2008-05-01',
  check: ({ certificate, issuer }) => {
    const { at } = certificate.tbs.notAfter;
    return at <= issuer.notAfter
      ? null
      : `until ${formatInstant(at)}, after the issuer's ${formatInstant(issuer.notAfter)}`;
  },
};
