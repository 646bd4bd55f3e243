/**
 * Addresses of CRLs, responders, issuer certificates and practice statements are absolute, in the
 * syntax of RFC 3986: scheme, colon, and characters that need no encoding.
 */
import { addressesOf, isAbsoluteUri } from '../../reading/addresses.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_addresses_follow_uri_syntax: Rule<AnySubject> = {
  name: 'e_addresses_follow_uri_syntax',
  citation: 'RFC 5280 4.2.1.4, 4.2.1.13 and 4.2.2.1; RFC 3986 2 and 4.3',
  effective: '2008-05-01',
  check: ({ extensions }) => addressesOf(extensions).find((address) => !isAbsoluteUri(address)) ?? null,
};
