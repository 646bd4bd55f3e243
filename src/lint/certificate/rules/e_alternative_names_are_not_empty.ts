/**
 * "If the subjectAltName extension is present, the sequence MUST contain at least one entry. Unlike
 * the subject field, conforming CAs MUST NOT issue certificates with subjectAltNames containing
 * empty GeneralName fields"; the same applies to issuers (4.2.1.7).
 */
import { wrongName } from '../../reading/alternative-names.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_alternative_names_are_not_empty: Rule<AnySubject> = {
  name: 'e_alternative_names_are_not_empty',
  citation: 'RFC 5280 4.2.1.6 and 4.2.1.7',
  effective: '2008-05-01',
  check: ({ extensions }) => wrongName(extensions, ({ value }) => value === ''),
};
