/**
 * "If the subject field contains an empty sequence, then the issuing CA MUST include a
 * subjectAltName extension that is marked as critical."
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_alternative_names_are_critical_without_subject: Rule<AnySubject> = {
  name: 'e_alternative_names_are_critical_without_subject',
  citation: 'RFC 5280 4.2.1.6',
  effective: '2008-05-01',
  check: ({ certificate, extensions }) =>
    certificate.tbs.subject.length === 0 && extensions.has('subjectAltName') && !extensions.isCritical('subjectAltName')
      ? 'an empty subject, and names that may be overlooked'
      : null,
};
