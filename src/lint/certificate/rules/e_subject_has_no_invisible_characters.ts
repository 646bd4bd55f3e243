/**
 * Control, format (bidirectional overrides and zero-width characters among them), line-separating,
 * private-use and unassigned characters are prohibited in names that are compared, as are U+FFFC
 * and U+FFFD. Like letters, marks and symbols that are drawn as nothing (fillers, variation
 * selectors, the empty Braille cell), they make one name look like another to people.
 */
import { firstFault } from '../../reading/names.js';
import type { AnySubject, Rule } from '../../rule.js';

const PROHIBITED = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufffc\ufffd]/u;

export const e_subject_has_no_invisible_characters: Rule<AnySubject> = {
  name: 'e_subject_has_no_invisible_characters',
  citation: 'RFC 4518 2.4, by RFC 5280 7.1; Unicode TR 36 2.5',
  effective: '2008-05-01',
  check: ({ certificate }) =>
    firstFault(certificate.tbs.subject, ({ value }) => {
      const found = PROHIBITED.exec(value)?.[0];
      return found === undefined ? null : `U+${(found.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
    }),
};
