/** Registered names are in Unicode normalization form C, and a label must decode to such a name. */

import { decodePunycode } from '../../../x509/punycode.js';
import { punycodeLabels } from '../../reading/alternative-names.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_a_labels_are_in_normal_form: Rule<AnySubject> = {
  name: 'e_a_labels_are_in_normal_form',
  citation: 'RFC 5891 4.1; RFC 8399 2.2',
  effective: '2018-05-01',
  check: ({ extensions }) =>
    punycodeLabels(extensions.get('subjectAltName') ?? []).find((label) => {
      const decoded = decodePunycode(label);
      return decoded !== null && decoded !== decoded.normalize('NFC');
    }) ?? null,
};
