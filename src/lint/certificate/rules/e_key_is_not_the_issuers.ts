/** A CA's key is in no certificate that it signs: a holder with that key could sign as the CA. */
import { equalBytes } from '../../../kernel/bytes.js';
import type { IssuedSubject, Rule } from '../../rule.js';

export const e_key_is_not_the_issuers: Rule<IssuedSubject> = {
  name: 'e_key_is_not_the_issuers',
  citation: 'EN 319 411-1 6.5.1; RFC 5280 section 8',
  effective: '2016-02-01',
  appliesTo: ({ certificate, issuer }) => !equalBytes(certificate.tbs.subjectDer, issuer.subjectDer),
  check: ({ certificate, issuer }) => (equalBytes(certificate.tbs.spki, issuer.spki) ? "the issuer's key" : null),
};
