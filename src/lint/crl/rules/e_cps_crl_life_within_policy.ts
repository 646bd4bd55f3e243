/**
 * The time from thisUpdate to nextUpdate is at most the period and the overlap of the policy for
 * CRLs of this kind; for a root's CRL it is what its ceremony planned.
 */
import type { Rule } from '../../rule.js';
import { matchCrlShape } from '../shape.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_cps_crl_life_within_policy: Rule<ExtendedCrl> = {
  name: 'e_cps_crl_life_within_policy',
  citation: 'policy: crl of the environment; EN 319 411-1 CSS-6.3.9',
  effective: '2026-01-01',
  check: (list) => {
    const { thisUpdate, nextUpdate, context } = list.header;
    const found = matchCrlShape(list);
    const lifeMsMax = Math.min(
      context.lifeMsMax,
      (found?.shape ?? found?.candidates[0])?.lifeMsMax ?? context.lifeMsMax,
    );
    const lifeMs = (nextUpdate ?? thisUpdate).at - thisUpdate.at;
    return lifeMs > lifeMsMax ? `${lifeMs} ms, at most ${lifeMsMax}` : null;
  },
};
