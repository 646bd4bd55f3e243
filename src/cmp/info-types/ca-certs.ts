/** CA certificates (RFC 9483 4.3.1): those that a client needs to build paths to a root. */
import { seq } from '../../asn1/der-writer.js';
import type { Issuer } from '../../x509/model.js';
import { answered, withoutValue } from './info-type.js';
import { INFO } from './oids.js';

/**
 * The issuing CAs of the profile's hierarchy that have not ended, the newest generation first;
 * without a profile those of all hierarchies. Roots are trusted by other means and are left out.
 */
export const caCerts = withoutValue({ name: 'caCerts', oid: INFO.caCerts }, ({ issuers, about, now }) => {
  const isWanted = ({ kind, hierarchy, notAfter }: Issuer): boolean =>
    kind === 'issuing' && notAfter > now && (about === null || hierarchy === about.profile.hierarchy);
  const isOwn = ({ authority }: Issuer): number => (authority === about?.profile.authority ? 1 : 0);
  const found = issuers
    .filter(isWanted)
    .sort((one, other) => other.generation - one.generation || isOwn(other) - isOwn(one));
  return answered(INFO.caCerts, found.length === 0 ? null : seq(...found.map(({ certificate }) => certificate)));
});
