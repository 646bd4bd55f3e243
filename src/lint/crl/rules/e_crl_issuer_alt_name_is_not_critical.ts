/** "Conforming CRL issuers SHOULD mark the issuerAltName extension as non-critical." */
import type { Rule } from '../../rule.js';
import { isCriticalIn } from '../extensions.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_issuer_alt_name_is_not_critical: Rule<ExtendedCrl> = {
  name: 'e_crl_issuer_alt_name_is_not_critical',
  citation: 'RFC 5280 5.2.2',
  effective: '2008-05-01',
  check: ({ extensions }) => (isCriticalIn(extensions, 'issuerAltName') ? 'critical' : null),
};
