/**
 * gipCardCategory, nomenclature TRE_G01, says where the key is kept and whether this is a test. It
 * is one octet.
 */
import { toHex } from '../../../kernel/bytes.js';
import type { Rule } from '../../rule.js';

export const e_cps_card_category_is_environments: Rule = {
  name: 'e_cps_card_category_is_environments',
  citation: 'policy: cardCategories of the environment; nomenclature TRE_G01; 1.2.250.1.71.1.2.5',
  effective: '2026-01-01',
  check: ({ extensions, profile, environment }) => {
    const found = extensions.get('gipCardCategory');
    const { category } = profile.gip;
    if (found === null || category === null) return null;
    const expected = environment.cardCategories[category];
    return toHex(found) === expected ? null : `${toHex(found)} instead of ${expected}`;
  },
};
