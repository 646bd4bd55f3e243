/**
 * "If a CRL contains a critical extension that the application cannot process, then the application
 * MUST NOT use that CRL to determine the status of certificates": no reader could use it.
 */
import type { Rule } from '../../rule.js';
import { CRL_EXTENSIONS } from '../extensions.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_no_unknown_critical_extension: Rule<ExtendedCrl> = {
  name: 'e_crl_no_unknown_critical_extension',
  citation: 'RFC 5280 5.2',
  effective: '2008-05-01',
  check: ({ extensions: { all } }) => {
    const unknown = all.find(({ oid, critical }) => critical && !CRL_EXTENSIONS.has(oid));
    return unknown === undefined ? null : unknown.oid;
  },
};
