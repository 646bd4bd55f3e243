/**
 * The algorithm is the one that the issuer's key signs with, with the parameters that its standard
 * requires.
 */
import { signatureAlgorithmOf } from '../../../x509/keys/algorithms.js';
import type { Rule } from '../../rule.js';
import type { CrlHeaderSubject } from '../subjects.js';

export const e_crl_signature_algorithm_fits_issuer_key: Rule<CrlHeaderSubject> = {
  name: 'e_crl_signature_algorithm_fits_issuer_key',
  citation: 'RFC 5280 5.1.2.2; RFC 4055 5, RFC 5758 3',
  effective: '2008-05-01',
  check: ({ context, signatureAlgorithmDer }) => {
    const algorithm = signatureAlgorithmOf(signatureAlgorithmDer);
    const expected = context.issuer?.signatureAlgorithm ?? algorithm;
    if (algorithm === null) return 'an algorithm that no authority of this platform uses';
    return algorithm === expected ? null : `${algorithm} where the key takes ${expected}`;
  },
};
