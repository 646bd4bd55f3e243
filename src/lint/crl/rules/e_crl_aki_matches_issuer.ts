/** The key identifier is that of the certificate whose key signs. */
import { equalBytes } from '../../../kernel/bytes.js';
import type { Rule } from '../../rule.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_aki_matches_issuer: Rule<ExtendedCrl> = {
  name: 'e_crl_aki_matches_issuer',
  citation: 'RFC 5280 5.2.1 and 4.2.1.1',
  effective: '2008-05-01',
  check: ({ header: { context }, extensions: { authorityKeyIdentifier: aki } }) => {
    const found = aki?.keyIdentifier ?? null;
    if (found === null || found.length === 0 || context.issuer === null) return null;
    return equalBytes(found, context.issuer.subjectKeyIdentifier) ? null : 'another key than that of the issuer';
  },
};
