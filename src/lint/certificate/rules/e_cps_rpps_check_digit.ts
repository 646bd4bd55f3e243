/**
 * The eleventh digit of an RPPS number is the Luhn check digit of the ten before; the type before
 * the number does not count.
 */
import { checkDigitFault, PROFESSIONAL_NUMBERS, readIdentifier } from '../../reading/identifiers.js';
import { onlyValueOf } from '../../reading/names.js';
import type { Rule } from '../../rule.js';

export const e_cps_rpps_check_digit: Rule = {
  name: 'e_cps_rpps_check_digit',
  citation: 'health objects model of the agency, Professionnel (RPPS); ISO/IEC 7812-1 annex B',
  effective: '2026-01-01',
  appliesTo: ({ profile, environment }) => profile.holder === 'professional' && environment.luhnChecked,
  check: ({ certificate }) => {
    const id = readIdentifier(onlyValueOf(certificate.tbs.subject, 'commonName') ?? '');
    const form = id === null ? undefined : PROFESSIONAL_NUMBERS[id.type];
    return id === null || form === undefined ? null : checkDigitFault(id.number, form);
  },
};
