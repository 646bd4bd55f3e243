/** "Conforming CAs MUST mark this extension as non-critical." */
import type { AnySubject, Rule } from '../../rule.js';

export const e_subject_directory_attributes_are_not_critical: Rule<AnySubject> = {
  name: 'e_subject_directory_attributes_are_not_critical',
  citation: 'RFC 5280 4.2.1.8',
  effective: '2008-05-01',
  check: ({ extensions }) =>
    extensions.isCritical('subjectDirectoryAttributes') ? 'subjectDirectoryAttributes is critical' : null,
};
