/**
 * From thisUpdate to nextUpdate at most the period and the overlap of the policy; of a list of a root what its ceremony has
 * planned.
 */
import type { CrlHeaderSubject } from '../crl-subjects.js';
import type { Rule } from '../rule.js';

export const e_cps_crl_life_within_policy: Rule<CrlHeaderSubject> = {
  name: 'e_cps_crl_life_within_policy',
  citation: 'policy: crl of the environment; EN 319 411-1 CSS-6.3.9',
  effective: '2026-01-01',
  check: ({ context, thisUpdate, nextUpdate }) => {
    const lifeMs = (nextUpdate ?? thisUpdate).at - thisUpdate.at;
    return lifeMs > context.lifeMsMax ? `${lifeMs} ms, at most ${context.lifeMsMax}` : null;
  },
};
