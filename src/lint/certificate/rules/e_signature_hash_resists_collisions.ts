/**
 * No signature uses MD2, MD5 or SHA-1: certificates with colliding hashes have been made (MD5 in
 * 2008, SHA-1 in 2020).
 */
import { OID } from '../../../asn1/oids.js';
import { readAlgorithm } from '../../reading/signature-algorithm.js';
import type { AnySubject, Rule } from '../../rule.js';

const BROKEN: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.2',
  OID.md5WithRsaEncryption,
  OID.sha1WithRsaEncryption,
  '1.3.14.3.2.29',
  OID.ecdsaWithSha1,
  '1.2.840.10040.4.3',
]);

export const e_signature_hash_resists_collisions: Rule<AnySubject> = {
  name: 'e_signature_hash_resists_collisions',
  citation: 'TS 119 312 5.2; CA/Browser Forum Baseline Requirements 7.1.3.2',
  effective: '2016-01-01',
  check: ({ certificate }) => {
    const { oid } = readAlgorithm(certificate.tbs.signatureAlgorithmDer);
    return BROKEN.has(oid) ? oid : null;
  },
};
