/**
 * "When the UTF8String or BMPString encoding is used, all character sequences SHOULD be normalized
 * according to Unicode normalization form C (NFC)."
 */
import { noticesOf } from '../../reading/policy-notices.js';
import type { AnySubject, Rule } from '../../rule.js';

export const w_explicit_text_is_in_normal_form: Rule<AnySubject> = {
  name: 'w_explicit_text_is_in_normal_form',
  citation: 'RFC 6818 3',
  effective: '2013-01-01',
  check: ({ extensions }) => {
    const wrong = noticesOf(extensions).find(({ text }) => text !== null && text.value !== text.value.normalize('NFC'));
    return wrong === undefined ? null : JSON.stringify(wrong.text?.value);
  },
};
