/**
 * The last digit of FINESS, SIREN and SIRET numbers, and of an RPPS number with rank, is a Luhn
 * check digit.
 */
import { checkDigitFault, readIdentifier, STRUCTURE_NUMBERS } from '../../reading/identifiers.js';
import { onlyValueOf } from '../../reading/names.js';
import type { Rule } from '../../rule.js';
import { namesAStructure } from '../subject-shape.js';

export const e_cps_structure_check_digit: Rule = {
  name: 'e_cps_structure_check_digit',
  citation: 'health objects model of the agency, EntiteGeographique; ISO/IEC 7812-1 annex B',
  effective: '2026-01-01',
  appliesTo: ({ profile, environment }) => namesAStructure(profile) && environment.luhnChecked,
  check: ({ certificate }) => {
    const id = readIdentifier(onlyValueOf(certificate.tbs.subject, 'organizationalUnitName') ?? '');
    const form = id === null ? undefined : STRUCTURE_NUMBERS[id.type];
    return id === null || form === undefined ? null : checkDigitFault(id.number, form);
  },
};
