/**
 * "This extension is always non-critical": a later verification of a signature does not depend on
 * when the key might sign.
 */
import type { AnySubject, Rule } from '../../rule.js';

export const w_private_key_usage_period_is_not_critical: Rule<AnySubject> = {
  name: 'w_private_key_usage_period_is_not_critical',
  citation: 'RFC 3280 4.2.1.4; X.509 9.2.2.5',
  effective: '2002-04-01',
  check: ({ extensions }) =>
    extensions.isCritical('privateKeyUsagePeriod') ? 'privateKeyUsagePeriod is critical' : null,
};
