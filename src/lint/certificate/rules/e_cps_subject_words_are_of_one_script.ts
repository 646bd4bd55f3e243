/**
 * A word is written in one script, which the environment allows: `Аnne` with a Cyrillic first
 * letter looks like another name.
 */
import { firstFault } from '../../reading/names.js';
import { codePointOf, drawnCharacters, foreignCharacter, isAscii } from '../../reading/scripts.js';
import type { Rule } from '../../rule.js';

export const e_cps_subject_words_are_of_one_script: Rule = {
  name: 'e_cps_subject_words_are_of_one_script',
  citation: 'Unicode technical standard 39 5.1 and 5.2; policy: nameScripts of the environment',
  effective: '2026-01-01',
  check: ({ certificate, environment }) =>
    firstFault(certificate.tbs.subject, ({ value }) => {
      if (isAscii(value)) return null;
      for (const word of value.normalize('NFC').split(' ')) {
        const found = isAscii(word) ? null : foreignCharacter(drawnCharacters(word).join(''), environment.nameScripts);
        if (found !== null) return codePointOf(found);
      }
      return null;
    }),
};
