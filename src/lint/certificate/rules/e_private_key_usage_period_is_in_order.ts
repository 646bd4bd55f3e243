/**
 * "CAs conforming to this profile MUST NOT generate certificates with private key usage period
 * extensions unless at least one of the two components is present", and the period ends after it
 * begins.
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_private_key_usage_period_is_in_order: Rule<AnySubject> = {
  name: 'e_private_key_usage_period_is_in_order',
  citation: 'RFC 3280 4.2.1.4',
  effective: '2002-04-01',
  check: ({ extensions }) => {
    const period = extensions.get('privateKeyUsagePeriod');
    if (period === null) return null;
    const { notBefore, notAfter } = period;
    if (notBefore === null && notAfter === null) return 'an empty sequence';
    return notBefore !== null && notAfter !== null && notBefore > notAfter ? 'it ends before it begins' : null;
  },
};
