/** Every attribute but countryName is a UTF8String, as in the certificates of the sector. */
import { attributeName } from '../../reading/names.js';
import type { Rule } from '../../rule.js';
import { matchSubject } from '../subject-shape.js';

export const e_cps_subject_has_string_forms_of_profile: Rule = {
  name: 'e_cps_subject_has_string_forms_of_profile',
  citation: 'policy: subject of the profile; RFC 5280 4.1.2.6',
  effective: '2026-01-01',
  check: ({ certificate, profile }) => {
    // The form of countryName is not set by the profile alone; another rule checks it.
    const wrong = matchSubject(profile, certificate.tbs.subject)?.find(
      ({ found, expected }) => found.form !== expected.form && expected.type !== 'countryName',
    );
    return wrong === undefined ? null : `${attributeName(wrong.found.type)}: ${wrong.found.form}`;
  },
};
