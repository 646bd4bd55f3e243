/**
 * "This field MUST contain the same algorithm identifier as the signature field in the sequence
 * tbsCertificate."
 */
import { equalBytes } from '../../../kernel/bytes.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_signature_algorithms_are_equal: Rule<AnySubject> = {
  name: 'e_signature_algorithms_are_equal',
  citation: 'RFC 5280 4.1.1.2 and 4.1.2.3',
  effective: '2008-05-01',
  check: ({ certificate }) =>
    equalBytes(certificate.signatureAlgorithmDer, certificate.tbs.signatureAlgorithmDer)
      ? null
      : 'signatureAlgorithm is not the signature of the to-be-signed certificate',
};
