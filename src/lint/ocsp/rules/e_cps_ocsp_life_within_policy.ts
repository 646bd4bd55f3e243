/**
 * The time from thisUpdate to nextUpdate is at most the lifetime that the policy gives a response.
 */
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_cps_ocsp_life_within_policy: Rule<OcspSingleSubject> = {
  name: 'e_cps_ocsp_life_within_policy',
  citation: 'policy: ocspAnswers of the environment',
  effective: '2026-01-01',
  check: ({ single: { thisUpdate, nextUpdate }, lifeMsMax }) => {
    const lifeMs = (nextUpdate ?? thisUpdate) - thisUpdate;
    return lifeMs > lifeMsMax ? `${lifeMs} ms, at most ${lifeMsMax}` : null;
  },
};
