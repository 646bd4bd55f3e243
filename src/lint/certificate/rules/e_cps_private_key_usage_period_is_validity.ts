/**
 * "CAs conforming to this profile MUST NOT generate certificates with private key usage period
 * extensions unless at least one of the two components is present"; here both are, and they are the
 * validity of the certificate.
 */
import type { Rule } from '../../rule.js';

export const e_cps_private_key_usage_period_is_validity: Rule = {
  name: 'e_cps_private_key_usage_period_is_validity',
  citation: 'policy: privateKeyUsagePeriod of the profile; RFC 3280 4.2.1.4',
  effective: '2026-01-01',
  check: ({ certificate, extensions }) => {
    const period = extensions.get('privateKeyUsagePeriod');
    if (period === null) return null;
    const { notBefore, notAfter } = certificate.tbs;
    if (period.notBefore !== notBefore.at) return 'it does not begin with the certificate';
    return period.notAfter === notAfter.at ? null : 'it does not end with the certificate';
  },
};
