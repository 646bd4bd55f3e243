/**
 * An RDN has at most one value of each attribute type, because readers would differ in which one
 * they use.
 */
import { attributeName } from '../../reading/names.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_subject_rdns_have_a_type_once: Rule<AnySubject> = {
  name: 'e_subject_rdns_have_a_type_once',
  citation: 'X.501 9.3; RFC 5280 4.1.2.4',
  effective: '2008-05-01',
  check: ({ certificate }) => {
    for (const rdn of certificate.tbs.subject) {
      const again = rdn.find(({ type }, at) => rdn.findIndex((other) => other.type === type) !== at);
      if (again !== undefined) return attributeName(again.type);
    }
    return null;
  },
};
