/**
 * A certificate names a list or an OCSP responder: where it names neither, nobody learns of its
 * revocation. A responder with ocsp-nocheck is not asked about, and a certificate with noRevAvail
 * says so itself.
 */
import { OID } from '../../../asn1/oids.js';
import type { AnySubject, Rule } from '../../rule.js';

export const w_status_can_be_asked_for: Rule<AnySubject> = {
  name: 'w_status_can_be_asked_for',
  citation: 'EN 319 412-2 4.3.11 and 4.4.1; RFC 6960 4.2.2.2.1; RFC 9608 2',
  effective: '2016-02-01',
  // Extensions are of version 3; that it is of no other is another rule's business.
  appliesTo: ({ certificate }) => certificate.tbs.version === 3,
  check: ({ extensions, certificate }) => {
    if (certificate.tbs.extensions.some(({ oid }) => oid === OID.noRevocationAvailable)) return null;
    if (extensions.has('crlDistributionPoints') || extensions.has('ocspNoCheck')) return null;
    const access = extensions.get('authorityInfoAccess') ?? [];
    return access.some(({ method }) => method === OID.accessOcsp) ? null : 'neither a list nor a responder';
  },
};
