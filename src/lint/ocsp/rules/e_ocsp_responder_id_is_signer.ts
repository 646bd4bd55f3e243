/** The ResponderID is the name, or the SHA-1 of the key, of the certificate whose key signs. */
import { equalBytes } from '../../../kernel/bytes.js';
import type { Rule } from '../../rule.js';
import type { OcspSubject } from '../subjects.js';

export const e_ocsp_responder_id_is_signer: Rule<OcspSubject> = {
  name: 'e_ocsp_responder_id_is_signer',
  citation: 'RFC 6960 4.2.2.3',
  effective: '2013-06-01',
  check: ({ response: { responderName, responderKeyHash }, responder }) => {
    if (responder === null) return null;
    if (responderName !== null) return equalBytes(responderName, responder.subjectDer) ? null : 'another name';
    return responderKeyHash !== null && equalBytes(responderKeyHash, responder.keyHash('sha1')) ? null : 'another key';
  },
};
