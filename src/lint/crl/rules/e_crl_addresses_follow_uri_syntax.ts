/**
 * The addresses in a CRL, of its distribution point, its deltas and its issuer's certificates, are
 * absolute, in the syntax of RFC 3986. A distribution point whose address nobody can fetch matches
 * no certificate either, so that the certificates that it should cover have no status.
 */
import { isAbsoluteUri } from '../../reading/addresses.js';
import type { Rule } from '../../rule.js';
import { freshestAddresses } from '../extensions.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_addresses_follow_uri_syntax: Rule<ExtendedCrl> = {
  name: 'e_crl_addresses_follow_uri_syntax',
  citation: 'RFC 5280 5.2.5, 5.2.6, 5.2.7 and 4.2.1.13; RFC 3986 2 and 4.3',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const { issuingPoint, access } = extensions;
    const locations = (access ?? []).map(({ location }) => location).filter(({ kind }) => kind === 'uri');
    const addresses = [
      ...(issuingPoint?.addresses ?? []),
      ...freshestAddresses(extensions),
      ...locations.map(({ value }) => value),
    ];
    const wrong = addresses.find((address) => !isAbsoluteUri(address));
    return wrong === undefined ? null : JSON.stringify(wrong);
  },
};
