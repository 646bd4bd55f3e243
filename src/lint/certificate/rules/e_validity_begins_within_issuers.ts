/**
 * A certificate that begins before its issuer's cannot be validated at its beginning (6.1.3 (a)
 * (2)).
 */
import { formatInstant } from '../../../kernel/clock.js';
import type { IssuedSubject, Rule } from '../../rule.js';

export const e_validity_begins_within_issuers: Rule<IssuedSubject> = {
  name: 'e_validity_begins_within_issuers',
  citation: 'RFC 5280 6.1.3',
  effective: '2008-05-01',
  check: ({ certificate, issuer }) => {
    const { at } = certificate.tbs.notBefore;
    return at >= issuer.notBefore
      ? null
      : `from ${formatInstant(at)}, before the issuer's ${formatInstant(issuer.notBefore)}`;
  },
};
