/**
 * A purpose occurs once: `ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId` is a list
 * of purposes.
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_extended_key_usages_are_not_repeated: Rule<AnySubject> = {
  name: 'e_extended_key_usages_are_not_repeated',
  citation: 'RFC 5280 4.2.1.12',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const purposes = extensions.get('extKeyUsage') ?? [];
    const again = purposes.find((purpose, at) => purposes.indexOf(purpose) !== at);
    return again === undefined ? null : again;
  },
};
