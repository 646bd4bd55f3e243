/**
 * OCSP requests are sent by HTTP: where responders are named, at least one address has that scheme.
 */
import { OID } from '../../../asn1/oids.js';
import type { AnySubject, Rule } from '../../rule.js';

export const w_ocsp_responders_have_an_http_address: Rule<AnySubject> = {
  name: 'w_ocsp_responders_have_an_http_address',
  citation: 'RFC 6960 3.1 and appendix A; EN 319 412-2 GEN-4.4.1-6',
  effective: '2013-06-01',
  check: ({ extensions }) => {
    const locations = extensions
      .get('authorityInfoAccess')
      ?.filter(({ method }) => method === OID.accessOcsp)
      .map(({ location }) => location);
    if (locations === undefined || locations.length === 0) return null;
    return locations.some(({ kind, value }) => kind === 'uri' && /^https?:\/\//i.test(value)) ? null : 'none over HTTP';
  },
};
