/**
 * It is a full CRL, a delta where deltas are published, or a partition of the authority, each with
 * exactly one address: a simple reader would take any other for the full CRL.
 */
import type { Rule } from '../../rule.js';
import { matchCrlShape } from '../shape.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_cps_crl_scope_is_served: Rule<ExtendedCrl> = {
  name: 'e_cps_crl_scope_is_served',
  citation: 'policy: whether deltas are served, partitions of the authority; RFC 5280 5.2.4 and 5.2.5',
  effective: '2026-01-01',
  check: (list) => {
    const found = matchCrlShape(list);
    if (found === null || found.candidates.length > 0) return null;
    const { kind, partition } = found;
    return `${kind} CRL of ${partition === 'restricted' ? 'some kind of certificates' : (partition ?? 'all certificates')}`;
  },
};
