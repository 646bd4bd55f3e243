/**
 * "The subject field shall contain ... countryName; choice of (givenName and/or surname) or
 * pseudonym; and commonName": a pseudonym never occurs together with names.
 */
import { valuesOf } from '../../reading/names.js';
import type { Rule } from '../../rule.js';

export const e_natural_person_has_names_or_pseudonym: Rule = {
  name: 'e_natural_person_has_names_or_pseudonym',
  citation: 'EN 319 412-2 4.2.4',
  effective: '2016-02-01',
  appliesTo: ({ profile }) => profile.holder === 'professional' || profile.holder === 'staff',
  check: ({ certificate }) => {
    const { subject } = certificate.tbs;
    const hasNames = valuesOf(subject, 'givenName').length + valuesOf(subject, 'surname').length > 0;
    const hasPseudonym = valuesOf(subject, 'pseudonym').length > 0;
    if (hasNames && hasPseudonym) return 'names and a pseudonym';
    return hasNames || hasPseudonym ? null : 'neither a name nor a pseudonym';
  },
};
