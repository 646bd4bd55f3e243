/** No response has more SingleResponses than a request may ask for. */
import { LIMITS } from '../../../kernel/limits.js';
import type { Rule } from '../../rule.js';
import type { OcspSubject } from '../subjects.js';

export const e_cps_ocsp_responses_within_limit: Rule<OcspSubject> = {
  name: 'e_cps_ocsp_responses_within_limit',
  citation: 'LIMITS.ocspRequestsPerMessageMax',
  effective: '2026-01-01',
  check: ({ response: { singles } }) =>
    singles.length > LIMITS.ocspRequestsPerMessageMax ? `${singles.length} responses` : null,
};
