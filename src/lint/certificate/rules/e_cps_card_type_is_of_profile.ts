/** gipCardType is by nomenclature TRE_G02: 0 CPS, 1 CPF, 2 CDE/CPE, 3 CDA/CPA. */
import type { Rule } from '../../rule.js';

const CARD_TYPES = { cps: 0, cpe: 2, cpa: 3 } as const;

export const e_cps_card_type_is_of_profile: Rule = {
  name: 'e_cps_card_type_is_of_profile',
  citation: 'policy: cardProducts of the profile; nomenclature TRE_G02; 1.2.250.1.71.1.2.2',
  effective: '2026-01-01',
  check: ({ extensions, profile }) => {
    const found = extensions.get('gipCardType');
    if (found === null) return null;
    const allowed = (profile.cardProducts ?? []).map((product) => CARD_TYPES[product]);
    return allowed.some((type) => type === found) ? null : `${found} instead of ${allowed.join(' or ')}`;
  },
};
