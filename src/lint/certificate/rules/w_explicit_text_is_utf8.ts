/**
 * "Conforming CAs SHOULD use the UTF8String encoding for explicitText. VisibleString or BMPString
 * are acceptable but less preferred alternatives. Conforming CAs MUST NOT encode explicitText as
 * IA5String."
 */
import { noticesOf } from '../../reading/policy-notices.js';
import type { AnySubject, Rule } from '../../rule.js';

export const w_explicit_text_is_utf8: Rule<AnySubject> = {
  name: 'w_explicit_text_is_utf8',
  citation: 'RFC 6818 3',
  effective: '2013-01-01',
  check: ({ extensions }) => {
    const wrong = noticesOf(extensions).find(({ text }) => text !== null && text.form !== 'utf8String');
    return wrong?.text?.form ?? null;
  },
};
