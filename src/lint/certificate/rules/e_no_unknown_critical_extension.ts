/**
 * "A certificate-using system MUST reject the certificate if it encounters a critical extension it
 * does not recognize."
 */
import { isKnownExtension } from '../../reading/decoded-extensions.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_no_unknown_critical_extension: Rule<AnySubject> = {
  name: 'e_no_unknown_critical_extension',
  citation: 'RFC 5280 4.2',
  effective: '2008-05-01',
  check: ({ certificate }) => {
    const unknown = certificate.tbs.extensions.find(({ oid, critical }) => critical && !isKnownExtension(oid));
    return unknown === undefined ? null : unknown.oid;
  },
};
