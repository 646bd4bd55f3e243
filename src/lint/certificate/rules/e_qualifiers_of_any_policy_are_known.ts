/**
 * "When qualifiers are used with the special policy anyPolicy, they MUST be limited to the
 * qualifiers identified in this section": CPS pointer and user notice.
 */
import { OID } from '../../../asn1/oids.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_qualifiers_of_any_policy_are_known: Rule<AnySubject> = {
  name: 'e_qualifiers_of_any_policy_are_known',
  citation: 'RFC 5280 4.2.1.4',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const any = extensions.get('certificatePolicies')?.find(({ oid }) => oid === OID.anyPolicy);
    const wrong = any?.qualifiers.find(({ oid }) => oid !== OID.cpsQualifier && oid !== OID.userNoticeQualifier);
    return wrong === undefined ? null : wrong.oid;
  },
};
