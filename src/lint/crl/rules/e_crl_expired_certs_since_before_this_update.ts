/** The day since which expired certificates stay on the CRL is in the past. */
import { formatInstant } from '../../../kernel/clock.js';
import type { Rule } from '../../rule.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_expired_certs_since_before_this_update: Rule<ExtendedCrl> = {
  name: 'e_crl_expired_certs_since_before_this_update',
  citation: 'X.509 (2019) 9.5.2.8',
  effective: '2019-10-14',
  check: ({ header, extensions: { expiredCertsSince: since } }) =>
    since !== null && since > header.thisUpdate.at ? formatInstant(since) : null,
};
