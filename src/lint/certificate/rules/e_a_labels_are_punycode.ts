/**
 * A label that begins with xn-- decodes to a Unicode label: "conforming implementations MUST
 * convert internationalized domain names to the ASCII Compatible Encoding (ACE) format".
 */

import { decodePunycode } from '../../../x509/punycode.js';
import { punycodeLabels } from '../../reading/alternative-names.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_a_labels_are_punycode: Rule<AnySubject> = {
  name: 'e_a_labels_are_punycode',
  citation: 'RFC 5280 7.2; RFC 5891 4.4; RFC 3492 6.2',
  effective: '2008-05-01',
  check: ({ extensions }) =>
    punycodeLabels(extensions.get('subjectAltName') ?? []).find((label) => decodePunycode(label) === null) ?? null,
};
