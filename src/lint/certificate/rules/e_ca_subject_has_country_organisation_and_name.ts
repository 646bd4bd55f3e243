/**
 * The subject of a CA has country, organisation and common name, because it becomes the issuer of
 * the certificates that the CA signs.
 */
import { valuesOf } from '../../reading/names.js';
import type { AnySubject, Rule } from '../../rule.js';

const TYPES = ['countryName', 'organizationName', 'commonName'] as const;

export const e_ca_subject_has_country_organisation_and_name: Rule<AnySubject> = {
  name: 'e_ca_subject_has_country_organisation_and_name',
  citation: 'EN 319 412-2 4.2.3.1; CA/Browser Forum Baseline Requirements 7.1.2.10.2',
  effective: '2012-07-01',
  check: ({ certificate }) => {
    const missing = TYPES.filter((type) => valuesOf(certificate.tbs.subject, type).length === 0);
    return missing.length === 0 ? null : `missing: ${missing.join(', ')}`;
  },
};
