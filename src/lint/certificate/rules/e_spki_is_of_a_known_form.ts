/**
 * "The parameters field MUST have ASN.1 type NULL for this algorithm identifier" (rsaEncryption);
 * "implicitCurve and specifiedCurve MUST NOT be used in PKIX" (id-ecPublicKey); "the parameters ...
 * MUST be absent" (id-Ed25519).
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_spki_is_of_a_known_form: Rule<AnySubject> = {
  name: 'e_spki_is_of_a_known_form',
  citation: 'RFC 3279 2.3.1; RFC 5480 2.1.1; RFC 8410 3',
  effective: '2009-03-01',
  check: ({ key }) => {
    const found = key();
    return found.kind === 'unreadable' ? found.detail : null;
  },
};
