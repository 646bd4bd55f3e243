/**
 * The holder of a certificate with this purpose speaks for the CA about every certificate that it
 * has issued, so only responders have it.
 */
import type { Rule } from '../../rule.js';
import { PURPOSES } from '../expected.js';

export const e_ocsp_signing_is_for_responders_alone: Rule = {
  name: 'e_ocsp_signing_is_for_responders_alone',
  citation: 'RFC 6960 4.2.2.2',
  effective: '2013-06-01',
  check: ({ extensions, profile }) => {
    const signsAnswers = extensions.get('extKeyUsage')?.includes(PURPOSES.ocspSigning) ?? false;
    const isResponder = profile.holder === 'responder' && profile.ocspNoCheck;
    return signsAnswers && !isResponder ? `${profile.id} is no profile of responders` : null;
  },
};
