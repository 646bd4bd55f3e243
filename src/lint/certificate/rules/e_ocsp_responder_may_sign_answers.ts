/** The key usage of a responder includes digitalSignature, so that it may sign. */
import type { AnySubject, Rule } from '../../rule.js';
import { KEY_USAGE_BITS, PURPOSES } from '../expected.js';

export const e_ocsp_responder_may_sign_answers: Rule<AnySubject> = {
  name: 'e_ocsp_responder_may_sign_answers',
  citation: 'RFC 6960 4.2.2.2; RFC 5280 4.2.1.3',
  effective: '2013-06-01',
  check: ({ extensions }) => {
    const bits = extensions.get('keyUsage');
    const signsAnswers = extensions.get('extKeyUsage')?.includes(PURPOSES.ocspSigning) ?? false;
    if (bits === null || !signsAnswers) return null;
    return bits.includes(KEY_USAGE_BITS.digitalSignature) ? null : 'OCSP signing without digitalSignature';
  },
};
