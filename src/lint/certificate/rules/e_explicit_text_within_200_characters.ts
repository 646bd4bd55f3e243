/**
 * "The explicitText field includes the textual statement directly in the certificate. The
 * explicitText field is a string with a maximum size of 200 characters."
 */
import { characters } from '../../reading/names.js';
import { noticesOf } from '../../reading/policy-notices.js';
import type { AnySubject, Rule } from '../../rule.js';

const CHARACTERS_MAX = 200;

export const e_explicit_text_within_200_characters: Rule<AnySubject> = {
  name: 'e_explicit_text_within_200_characters',
  citation: 'RFC 5280 4.2.1.4',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const wrong = noticesOf(extensions).find(({ text }) => text !== null && characters(text.value) > CHARACTERS_MAX);
    return wrong?.text ? `${characters(wrong.text.value)} characters` : null;
  },
};
