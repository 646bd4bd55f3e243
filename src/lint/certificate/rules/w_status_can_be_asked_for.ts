/**
 * A certificate names a CRL or an OCSP responder, because otherwise no client could learn of its
 * revocation. The status of a responder with ocsp-nocheck is not checked, and a certificate with
 * noRevAvail has none.
 */
import { OID } from '../../../asn1/oids.js';
import type { AnySubject, Rule } from '../../rule.js';

export const w_status_can_be_asked_for: Rule<AnySubject> = {
  name: 'w_status_can_be_asked_for',
  citation: 'EN 319 412-2 4.3.11 and 4.4.1; RFC 6960 4.2.2.2.1; RFC 9608 2',
  effective: '2016-02-01',
  // Only version 3 has extensions; another rule reports other versions.
  appliesTo: ({ certificate }) => certificate.tbs.version === 3,
  check: ({ extensions, certificate }) => {
    if (certificate.tbs.extensions.some(({ oid }) => oid === OID.noRevocationAvailable)) return null;
    if (extensions.has('crlDistributionPoints') || extensions.has('ocspNoCheck')) return null;
    const access = extensions.get('authorityInfoAccess') ?? [];
    return access.some(({ method }) => method === OID.accessOcsp) ? null : 'neither a CRL nor an OCSP responder';
  },
};
