/**
 * The common name of a professional is the IdNat: `8` and the RPPS number, or `0` and the ADELI
 * number.
 */
import { formFault, PROFESSIONAL_NUMBERS, readIdentifier } from '../../reading/identifiers.js';
import { onlyValueOf } from '../../reading/names.js';
import type { Rule } from '../../rule.js';

export const e_cps_professional_has_national_id: Rule = {
  name: 'e_cps_professional_has_national_id',
  citation: 'nomenclature TRE_G08 (1.2.250.1.71.1.2.15); PS_IdNat (1.2.250.1.71.4.2.1)',
  effective: '2026-01-01',
  appliesTo: ({ profile }) => profile.holder === 'professional',
  check: ({ certificate, environment }) => {
    const name = onlyValueOf(certificate.tbs.subject, 'commonName');
    if (name === null) return null;
    const id = readIdentifier(name);
    const form = id === null ? undefined : PROFESSIONAL_NUMBERS[id.type];
    if (id === null || form === undefined || id.local !== null) return `${JSON.stringify(name)} is no national IdNat`;
    return formFault(id.number, form, environment);
  },
};
