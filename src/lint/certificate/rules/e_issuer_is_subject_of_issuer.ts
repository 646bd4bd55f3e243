/**
 * "The issuer field identifies the entity that has signed and issued the certificate." The names
 * are equal byte for byte: names that are equal only by the comparison of 7.1 chain in some readers
 * and not in others.
 */
import { equalBytes } from '../../../kernel/bytes.js';
import type { IssuedSubject, Rule } from '../../rule.js';

export const e_issuer_is_subject_of_issuer: Rule<IssuedSubject> = {
  name: 'e_issuer_is_subject_of_issuer',
  citation: 'RFC 5280 4.1.2.4 and 7.1',
  effective: '2008-05-01',
  check: ({ certificate, issuer }) =>
    equalBytes(certificate.tbs.issuerDer, issuer.subjectDer) ? null : 'another name than the subject of the issuer',
};
