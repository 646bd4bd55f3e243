/** "Conforming CRL issuers MUST use the key identifier method." */
import type { Rule } from '../../rule.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_aki_has_key_identifier: Rule<ExtendedCrl> = {
  name: 'e_crl_aki_has_key_identifier',
  citation: 'RFC 5280 5.2.1',
  effective: '2008-05-01',
  check: ({ extensions: { authorityKeyIdentifier: aki } }) =>
    aki !== null && (aki.keyIdentifier?.length ?? 0) === 0 ? 'no keyIdentifier' : null,
};
