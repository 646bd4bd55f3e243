/** "When present, conforming CAs SHOULD mark this extension as critical." This platform does. */
import type { AnySubject, Rule } from '../../rule.js';

export const e_key_usage_is_critical: Rule<AnySubject> = {
  name: 'e_key_usage_is_critical',
  citation: 'RFC 5280 4.2.1.3; EN 319 412-2 4.3.2',
  effective: '2008-05-01',
  appliesTo: ({ extensions }) => extensions.has('keyUsage'),
  check: ({ extensions }) => (extensions.isCritical('keyUsage') ? null : 'keyUsage is not critical'),
};
