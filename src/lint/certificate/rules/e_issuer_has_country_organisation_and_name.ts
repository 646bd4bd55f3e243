/**
 * The issuer's name has countryName, organizationName and commonName at least. The sector's has no
 * organizationIdentifier.
 */
import { valuesOf } from '../../reading/names.js';
import type { CertificateSubject, Rule } from '../../rule.js';

const TYPES = ['countryName', 'organizationName', 'commonName'] as const;

export const e_issuer_has_country_organisation_and_name: Rule<CertificateSubject> = {
  name: 'e_issuer_has_country_organisation_and_name',
  citation: 'EN 319 412-2 4.2.3.1',
  effective: '2016-02-01',
  check: ({ certificate }) => {
    const missing = TYPES.filter((type) => valuesOf(certificate.tbs.issuer, type).length === 0);
    return missing.length === 0 ? null : `missing: ${missing.join(', ')}`;
  },
};
