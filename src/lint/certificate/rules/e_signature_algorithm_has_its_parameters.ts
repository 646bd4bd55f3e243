/**
 * "When any of these four object identifiers appears within an AlgorithmIdentifier, the parameters
 * MUST be NULL" (RSA with SHA-2, and the older ones); for ECDSA and EdDSA they are absent.
 */
import { readAlgorithm } from '../../reading/signature-algorithm.js';
import type { AnySubject, Rule } from '../../rule.js';

/** PKCS #1 v1.5 with any hash function; ECDSA, Ed25519 and Ed448. */
const RSA = /^1\.2\.840\.113549\.1\.1\.(?:2|4|5|11|12|13|14)$/;
const CURVES = /^1\.2\.840\.10045\.4\.|^1\.3\.101\.11[23]$/;

export const e_signature_algorithm_has_its_parameters: Rule<AnySubject> = {
  name: 'e_signature_algorithm_has_its_parameters',
  citation: 'RFC 4055 5; RFC 5758 3.2; RFC 8410 3',
  effective: '2008-05-01',
  check: ({ certificate }) => {
    const { oid, parameters } = readAlgorithm(certificate.tbs.signatureAlgorithmDer);
    const expected = RSA.test(oid) ? 'null' : CURVES.test(oid) ? 'absent' : parameters;
    return parameters === expected ? null : `${oid}: parameters ${parameters} instead of ${expected}`;
  },
};
