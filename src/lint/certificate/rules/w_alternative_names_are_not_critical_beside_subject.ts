/**
 * "When including the subjectAltName extension in a certificate that has a non-empty subject
 * distinguished name, conforming CAs SHOULD mark the subjectAltName extension as non-critical."
 */
import type { AnySubject, Rule } from '../../rule.js';

export const w_alternative_names_are_not_critical_beside_subject: Rule<AnySubject> = {
  name: 'w_alternative_names_are_not_critical_beside_subject',
  citation: 'RFC 5280 4.2.1.6; EN 319 412-2 4.3.5',
  effective: '2008-05-01',
  check: ({ certificate, extensions }) =>
    certificate.tbs.subject.length > 0 && extensions.isCritical('subjectAltName') ? 'subjectAltName is critical' : null,
};
