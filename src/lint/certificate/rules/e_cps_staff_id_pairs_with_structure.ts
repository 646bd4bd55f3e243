/**
 * The structure in a holder's number is the structure of the subject. Its type is written by one
 * nomenclature in the common name and by another in the organizational unit: 3 (FINESS) corresponds
 * to 1, 5 (SIRET) to 3, 4 (SIREN) to 2, 1 to 0, 6 to 4.
 */
import { readIdentifier, STRUCTURE_TYPE_OF_STAFF } from '../../reading/identifiers.js';
import { onlyValueOf } from '../../reading/names.js';
import type { Rule } from '../../rule.js';

export const e_cps_staff_id_pairs_with_structure: Rule = {
  name: 'e_cps_staff_id_pairs_with_structure',
  citation: 'nomenclatures TRE_G08 and TRE_G07 (1.2.250.1.71.1.2.14)',
  effective: '2026-01-01',
  appliesTo: ({ profile }) => profile.holder === 'staff',
  check: ({ certificate }) => {
    const { subject } = certificate.tbs;
    const unit = onlyValueOf(subject, 'organizationalUnitName');
    const id = readIdentifier(onlyValueOf(subject, 'commonName') ?? '');
    const type = id === null ? undefined : STRUCTURE_TYPE_OF_STAFF[id.type];
    if (unit === null || id === null || type === undefined) return null;
    return unit === `${type}${id.number}` ? null : `${unit} is not the structure of ${id.type}${id.number}`;
  },
};
