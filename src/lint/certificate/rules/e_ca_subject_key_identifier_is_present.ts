/**
 * "To facilitate certification path construction, this extension MUST appear in all conforming CA
 * certificates."
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_ca_subject_key_identifier_is_present: Rule<AnySubject> = {
  name: 'e_ca_subject_key_identifier_is_present',
  citation: 'RFC 5280 4.2.1.2',
  effective: '2008-05-01',
  check: ({ extensions }) => (extensions.has('subjectKeyIdentifier') ? null : 'none'),
};
