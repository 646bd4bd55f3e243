/**
 * "Conforming CAs MUST include this extension in certificates that contain public keys that are
 * used to validate digital signatures on other public key certificates or CRLs."
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_ca_key_usage_is_present: Rule<AnySubject> = {
  name: 'e_ca_key_usage_is_present',
  citation: 'RFC 5280 4.2.1.3',
  effective: '2008-05-01',
  check: ({ extensions }) => (extensions.has('keyUsage') ? null : 'none'),
};
