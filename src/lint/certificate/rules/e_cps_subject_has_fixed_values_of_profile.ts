/** Where the profile has a fixed text, the certificate has that text. */
import { attributeName } from '../../reading/names.js';
import type { Rule } from '../../rule.js';
import { matchSubject } from '../subject-shape.js';

export const e_cps_subject_has_fixed_values_of_profile: Rule = {
  name: 'e_cps_subject_has_fixed_values_of_profile',
  citation: 'policy: subject of the profile',
  effective: '2026-01-01',
  check: ({ certificate, profile }) => {
    for (const { found, expected } of matchSubject(profile, certificate.tbs.subject) ?? []) {
      if ('text' in expected.value && expected.value.text !== found.value)
        return `${attributeName(found.type)}: ${JSON.stringify(found.value)} instead of ${expected.value.text}`;
    }
    return null;
  },
};
