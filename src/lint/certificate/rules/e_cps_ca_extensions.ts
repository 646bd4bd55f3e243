/**
 * A CA certificate has exactly the extensions that today's CA certificates have: a root has no
 * distribution point, and neither root nor issuing authority has AIA.
 */
import { extensionName } from '../../reading/decoded-extensions.js';
import type { AuthoritySubject, Rule } from '../../rule.js';
import { differenceInWords } from '../expected.js';

const OF_ROOT = [
  'basicConstraints',
  'keyUsage',
  'certificatePolicies',
  'subjectKeyIdentifier',
  'authorityKeyIdentifier',
] as const;

export const e_cps_ca_extensions: Rule<AuthoritySubject> = {
  name: 'e_cps_ca_extensions',
  citation: 'profiles of the sector: authorities; RFC 5280 4.2',
  effective: '2026-01-01',
  check: ({ certificate, authority }) =>
    differenceInWords(
      authority.kind === 'root' ? OF_ROOT : [...OF_ROOT, 'crlDistributionPoints'],
      certificate.tbs.extensions.map(({ oid }) => extensionName(oid)),
    ),
};
