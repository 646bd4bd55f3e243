/**
 * stateOrProvinceName is a department's name and number: `Paris (75)`, `Corse-du-Sud (2A)`; or
 * `Monaco (99138)`.
 */
import { valuesOf } from '../../reading/names.js';
import type { Rule } from '../../rule.js';

const DEPARTMENT = /^[^()]+ \((?:[0-9]{2,3}|2[AB]|99138)\)$/;

export const e_cps_state_is_a_department: Rule = {
  name: 'e_cps_state_is_a_department',
  citation: 'profiles of the sector: subjects with a structure',
  effective: '2026-01-01',
  check: ({ certificate }) => {
    const wrong = valuesOf(certificate.tbs.subject, 'stateOrProvinceName').find((state) => !DEPARTMENT.test(state));
    return wrong === undefined ? null : JSON.stringify(wrong);
  },
};
