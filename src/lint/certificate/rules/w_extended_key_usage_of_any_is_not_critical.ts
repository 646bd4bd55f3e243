/**
 * "Conforming CAs SHOULD NOT mark this extension as critical if the anyExtendedKeyUsage
 * KeyPurposeId is present."
 */
import { OID } from '../../../asn1/oids.js';
import type { AnySubject, Rule } from '../../rule.js';

export const w_extended_key_usage_of_any_is_not_critical: Rule<AnySubject> = {
  name: 'w_extended_key_usage_of_any_is_not_critical',
  citation: 'RFC 5280 4.2.1.12',
  effective: '2008-05-01',
  check: ({ extensions }) =>
    extensions.isCritical('extKeyUsage') && extensions.get('extKeyUsage')?.includes(OID.anyExtendedKeyUsage) === true
      ? 'critical, and for any purpose'
      : null,
};
