/** "Conforming CAs MUST mark this extension as non-critical." */
import type { AnySubject, Rule } from '../../rule.js';

export const e_subject_info_access_is_not_critical: Rule<AnySubject> = {
  name: 'e_subject_info_access_is_not_critical',
  citation: 'RFC 5280 4.2.2.2',
  effective: '2008-05-01',
  check: ({ extensions }) => (extensions.isCritical('subjectInfoAccess') ? 'subjectInfoAccess is critical' : null),
};
