/**
 * "If the subject is a CA ... then the subject field MUST be populated with a non-empty
 * distinguished name"; an end entity may have alternative names alone.
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_subject_is_not_empty: Rule<AnySubject> = {
  name: 'e_subject_is_not_empty',
  citation: 'RFC 5280 4.1.2.6',
  effective: '2008-05-01',
  check: ({ certificate, extensions }) => {
    if (certificate.tbs.subject.length > 0) return null;
    const isAuthority = extensions.get('basicConstraints')?.cA === true;
    return isAuthority || !extensions.has('subjectAltName') ? 'an empty sequence' : null;
  },
};
