/**
 * "A CA may specify that an OCSP client can trust a responder for the lifetime of the responder's
 * certificate": this platform does, because otherwise the responder would have to answer for its
 * own status.
 */
import type { AnySubject, Rule } from '../../rule.js';
import { PURPOSES } from '../expected.js';

export const e_ocsp_responder_has_nocheck: Rule<AnySubject> = {
  name: 'e_ocsp_responder_has_nocheck',
  citation: 'RFC 6960 4.2.2.2.1',
  effective: '2013-06-01',
  check: ({ extensions }) => {
    const signsAnswers = extensions.get('extKeyUsage')?.includes(PURPOSES.ocspSigning) ?? false;
    if (signsAnswers === extensions.has('ocspNoCheck')) return null;
    return signsAnswers ? 'OCSP signing without ocsp-nocheck' : 'ocsp-nocheck without OCSP signing';
  },
};
