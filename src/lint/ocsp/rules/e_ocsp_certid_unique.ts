/** There is one response per certificate, because two could disagree. */
import { toHex } from '../../../kernel/bytes.js';
import type { Rule } from '../../rule.js';
import type { OcspSubject } from '../subjects.js';

export const e_ocsp_certid_unique: Rule<OcspSubject> = {
  name: 'e_ocsp_certid_unique',
  citation: 'RFC 6960 4.2.1',
  effective: '2013-06-01',
  check: ({ response: { singles } }) =>
    singles.length < 2 || new Set(singles.map(({ certId }) => toHex(certId))).size === singles.length
      ? null
      : 'a duplicate CertID',
};
