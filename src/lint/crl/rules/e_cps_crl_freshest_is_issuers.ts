/**
 * freshestCRL has the addresses of the deltas to this list, and is there where deltas are served.
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
    // In no delta, which has a rule of its own; of a list that is not served there is nothing to
    // compare it with.
    if (found === null || found.kind === 'delta' || likely === undefined || found.shape !== null) return null;
    const written = freshestAddresses(list.extensions).join(', ');
    return `${written || 'none'} instead of ${likely.freshest.join(', ') || 'none'}`;
  },
};
