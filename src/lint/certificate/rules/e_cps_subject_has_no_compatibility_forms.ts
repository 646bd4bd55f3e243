/**
 * Mathematical letters, ligatures, full-width letters and other compatibility forms look like the
 * characters that they stand for, so that two different names look alike. The ordinal indicator of
 * `Nº` does not.
 */
import { firstFault } from '../../reading/names.js';
import { codePointOf, drawnCharacters, isAscii } from '../../reading/scripts.js';
import type { Rule } from '../../rule.js';

export const e_cps_subject_has_no_compatibility_forms: Rule = {
  name: 'e_cps_subject_has_no_compatibility_forms',
  citation: 'Unicode technical standard 39 3.1; Unicode annex 15',
  effective: '2026-01-01',
  check: ({ certificate }) =>
    firstFault(certificate.tbs.subject, ({ value }) => {
      if (isAscii(value)) return null;
      // Several characters that have one character for all of them are the finding of another rule.
      const found = drawnCharacters(value).find((one) => one !== 'º' && one.normalize('NFKC') !== one.normalize('NFC'));
      return found === undefined ? null : codePointOf(found);
    }),
};
