/** "Conforming CAs MUST mark this extension as non-critical." */
import type { AnySubject, Rule } from '../../rule.js';

export const e_subject_key_identifier_is_not_critical: Rule<AnySubject> = {
  name: 'e_subject_key_identifier_is_not_critical',
  citation: 'RFC 5280 4.2.1.2',
  effective: '2008-05-01',
  check: ({ extensions }) =>
    extensions.isCritical('subjectKeyIdentifier') ? 'subjectKeyIdentifier is critical' : null,
};
