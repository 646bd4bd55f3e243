/**
 * "The validity period for a certificate is the period of time from notBefore through notAfter,
 * inclusive."
 */
import { formatInstant } from '../../../kernel/clock.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_validity_ends_after_it_begins: Rule<AnySubject> = {
  name: 'e_validity_ends_after_it_begins',
  citation: 'RFC 5280 4.1.2.5',
  effective: '2008-05-01',
  check: ({ certificate }) => {
    const { notBefore, notAfter } = certificate.tbs;
    return notAfter.at > notBefore.at ? null : `from ${formatInstant(notBefore.at)} to ${formatInstant(notAfter.at)}`;
  },
};
