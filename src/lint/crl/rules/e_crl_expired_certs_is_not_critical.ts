/** "This extension is always non-critical." */
import type { Rule } from '../../rule.js';
import { isCriticalIn } from '../extensions.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_expired_certs_is_not_critical: Rule<ExtendedCrl> = {
  name: 'e_crl_expired_certs_is_not_critical',
  citation: 'X.509 (2019) 9.5.2.8; RFC 6960 4.4.4',
  effective: '2019-10-14',
  check: ({ extensions }) => (isCriticalIn(extensions, 'expiredCertsOnCrl') ? 'critical' : null),
};
