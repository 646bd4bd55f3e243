/**
 * "The signature field contains the algorithm identifier for the algorithm used by the CA to sign
 * the certificate."
 */
import { OID } from '../../../asn1/oids.js';
import type { KeyType } from '../../../x509/model.js';
import { readAlgorithm } from '../../reading/signature-algorithm.js';
import type { IssuedSubject, Rule } from '../../rule.js';

const ALGORITHM_OF_KEY: Readonly<Record<KeyType, string>> = {
  'rsa-2048': OID.sha256WithRsaEncryption,
  'rsa-3072': OID.sha256WithRsaEncryption,
  'rsa-4096': OID.sha256WithRsaEncryption,
  'p-256': OID.ecdsaWithSha256,
  'p-384': OID.ecdsaWithSha384,
};

export const e_signature_algorithm_fits_issuer_key: Rule<IssuedSubject> = {
  name: 'e_signature_algorithm_fits_issuer_key',
  citation: 'RFC 5280 4.1.2.3',
  effective: '2008-05-01',
  check: ({ certificate, issuer }) => {
    const expected = ALGORITHM_OF_KEY[issuer.keyType];
    const found = readAlgorithm(certificate.tbs.signatureAlgorithmDer).oid;
    return found === expected ? null : `${found} instead of ${expected}`;
  },
};
