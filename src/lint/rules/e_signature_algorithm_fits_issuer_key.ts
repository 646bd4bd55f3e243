/**
 * "The signature field contains the algorithm identifier for the algorithm used by the CA to sign the certificate": with NULL
 * parameters for RSA (RFC 4055 5), without any for ECDSA (RFC 5758 3.2).
 */
import { nullValue, objectIdentifier, parseDer, sequence, TAG } from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { KeyType } from '../../x509/model.js';
import type { IssuedSubject, Rule } from '../rule.js';

const ALGORITHM_OF_KEY: Readonly<Record<KeyType, string>> = {
  'rsa-2048': OID.sha256WithRsaEncryption,
  'rsa-3072': OID.sha256WithRsaEncryption,
  'rsa-4096': OID.sha256WithRsaEncryption,
  'p-256': OID.ecdsaWithSha256,
  'p-384': OID.ecdsaWithSha384,
};

export const e_signature_algorithm_fits_issuer_key: Rule<IssuedSubject> = {
  name: 'e_signature_algorithm_fits_issuer_key',
  citation: 'RFC 5280 4.1.2.3; RFC 4055 5; RFC 5758 3.2',
  effective: '2008-05-01',
  check: ({ certificate, issuer }) => {
    const expected = ALGORITHM_OF_KEY[issuer.keyType];
    const found = readAlgorithm(certificate.tbs.signatureAlgorithmDer);
    return found === expected ? null : `${found} instead of ${expected}`;
  },
};

function readAlgorithm(der: Bytes): string {
  const parsed = parseDer(der, (root) => {
    const fields = sequence(root, 'signature');
    const oid = objectIdentifier(fields.next(TAG.oid, 'algorithm'), 'algorithm');
    if (oid === OID.sha256WithRsaEncryption) nullValue(fields.any('parameters'), 'parameters');
    fields.end();
    return oid;
  });
  return parsed.ok ? parsed.value : `an algorithm whose encoding is wrong (${parsed.error.rule})`;
}
