/**
 * "The explicitText string SHOULD NOT include any control characters (e.g., U+0000 to U+001F and
 * U+007F to U+009F)."
 */
import { noticesOf } from '../../reading/policy-notices.js';
import type { AnySubject, Rule } from '../../rule.js';

export const w_explicit_text_has_no_control_characters: Rule<AnySubject> = {
  name: 'w_explicit_text_has_no_control_characters',
  citation: 'RFC 6818 3',
  effective: '2013-01-01',
  check: ({ extensions }) => {
    const wrong = noticesOf(extensions).find(({ text }) => text !== null && /\p{Cc}/u.test(text.value));
    return wrong === undefined ? null : JSON.stringify(wrong.text?.value);
  },
};
