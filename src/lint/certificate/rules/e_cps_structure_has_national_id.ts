/**
 * The organizational unit is the structure's number: FINESS, SIREN, SIRET, or the number of a
 * practice.
 */
import { formFault, readIdentifier, STRUCTURE_NUMBERS } from '../../reading/identifiers.js';
import { onlyValueOf } from '../../reading/names.js';
import type { Rule } from '../../rule.js';
import { namesAStructure } from '../subject-shape.js';

export const e_cps_structure_has_national_id: Rule = {
  name: 'e_cps_structure_has_national_id',
  citation: 'nomenclature TRE_G07 (1.2.250.1.71.1.2.14); Struct_IdNat (1.2.250.1.71.4.2.2)',
  effective: '2026-01-01',
  appliesTo: ({ profile }) => namesAStructure(profile),
  check: ({ certificate, environment }) => {
    const unit = onlyValueOf(certificate.tbs.subject, 'organizationalUnitName');
    if (unit === null) return null;
    const id = readIdentifier(unit);
    const form = id === null ? undefined : STRUCTURE_NUMBERS[id.type];
    if (id === null || form === undefined || id.local !== null) return `${JSON.stringify(unit)} is no Struct_IdNat`;
    return formFault(id.number, form, environment);
  },
};
