/**
 * freshestCRL has the addresses of the delta CRLs of this CRL, and is present where deltas are
 * published.
 */
import type { Rule } from '../../rule.js';
import { freshestAddresses } from '../extensions.js';
import { matchCrlShape } from '../shape.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_cps_crl_freshest_is_issuers: Rule<ExtendedCrl> = {
  name: 'e_cps_crl_freshest_is_issuers',
  citation: 'policy: addresses of the environment; RFC 5280 5.2.6',
  effective: '2026-01-01',
  check: (list) => {
    const found = matchCrlShape(list);
    const [likely] = found?.candidates ?? [];
    // A delta has none, which another rule checks. For a CRL that is not one of the issuer's there
    // is nothing to compare with.
    if (found === null || found.kind === 'delta' || likely === undefined || found.shape !== null) return null;
    const written = freshestAddresses(list.extensions).join(', ');
    return `${written || 'none'} instead of ${likely.freshest.join(', ') || 'none'}`;
  },
};
