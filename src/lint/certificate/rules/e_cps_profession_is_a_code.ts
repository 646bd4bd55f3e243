/**
 * gipProfessionCode, nomenclature TRE_G15, is a number of two or three digits, such as 10 for
 * physicians.
 */
import type { Rule } from '../../rule.js';

const CODE_MIN = 10;
const CODE_MAX = 999;

export const e_cps_profession_is_a_code: Rule = {
  name: 'e_cps_profession_is_a_code',
  citation: 'nomenclature TRE_G15; 1.2.250.1.71.1.2.7',
  effective: '2026-01-01',
  check: ({ extensions }) => {
    const found = extensions.get('gipProfessionCode');
    return found === null || (found >= CODE_MIN && found <= CODE_MAX) ? null : String(found);
  },
};
