/**
 * "To assist applications in identifying the appropriate end entity certificate, this extension
 * SHOULD be included in all end entity certificates."
 */
import type { AnySubject, Rule } from '../../rule.js';

export const w_subject_key_identifier_is_present: Rule<AnySubject> = {
  name: 'w_subject_key_identifier_is_present',
  citation: 'RFC 5280 4.2.1.2',
  effective: '2008-05-01',
  // Only version 3 has extensions; another rule reports other versions.
  appliesTo: ({ certificate }) => certificate.tbs.version === 3,
  check: ({ extensions }) => (extensions.has('subjectKeyIdentifier') ? null : 'none'),
};
