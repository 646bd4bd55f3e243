/** "Conforming CAs SHOULD NOT use the noticeRef option." */
import { noticesOf } from '../../reading/policy-notices.js';
import type { AnySubject, Rule } from '../../rule.js';

export const w_user_notice_has_no_reference: Rule<AnySubject> = {
  name: 'w_user_notice_has_no_reference',
  citation: 'RFC 5280 4.2.1.4',
  effective: '2008-05-01',
  check: ({ extensions }) => (noticesOf(extensions).some(({ hasReference }) => hasReference) ? 'noticeRef' : null),
};
