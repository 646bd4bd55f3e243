/** A delegated responder answers for the authority that delegated to it, and for no other. */
import { equalBytes } from '../../../kernel/bytes.js';
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_ocsp_certid_of_issuer: Rule<OcspSingleSubject> = {
  name: 'e_ocsp_certid_of_issuer',
  citation: 'RFC 6960 4.2.2.2',
  effective: '2013-06-01',
  check: ({ single: { hash, nameHash, keyHash }, issuer }) => {
    if (issuer === null || hash === null) return null;
    if (!equalBytes(nameHash, issuer.nameHash(hash))) return 'the name of another authority';
    return equalBytes(keyHash, issuer.keyHash(hash)) ? null : 'the key of another authority';
  },
};
