/**
 * "The value of the keyIdentifier field SHOULD be derived from the public key used to verify the
 * signature": it is the issuer's SKI.
 */
import { equalBytes, toHex } from '../../../kernel/bytes.js';
import type { IssuedSubject, Rule } from '../../rule.js';

export const e_authority_key_identifier_is_issuers: Rule<IssuedSubject> = {
  name: 'e_authority_key_identifier_is_issuers',
  citation: 'RFC 5280 4.2.1.1',
  effective: '2008-05-01',
  check: ({ extensions, issuer }) => {
    const found = extensions.get('authorityKeyIdentifier');
    if (found === null) return null;
    if (found.keyIdentifier === null) return 'no keyIdentifier';
    return equalBytes(found.keyIdentifier, issuer.subjectKeyIdentifier)
      ? null
      : `${toHex(found.keyIdentifier)} instead of ${toHex(issuer.subjectKeyIdentifier)}`;
  },
};
