/** "The subject field identifies the entity associated with the public key": none of ours is known by its SAN alone. */
import type { AnySubject, Rule } from '../rule.js';

export const e_subject_is_not_empty: Rule<AnySubject> = {
  name: 'e_subject_is_not_empty',
  citation: 'RFC 5280 4.1.2.6',
  effective: '2008-05-01',
  check: ({ certificate }) => (certificate.tbs.subject.length > 0 ? null : 'an empty sequence'),
};
