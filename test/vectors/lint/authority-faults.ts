/** Broken certificates of authorities. */

import { bool, integer, namedBits, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { faultsIn } from '../../support/lint/fault-table.js';
import {
  type AuthorityFault,
  BEGINS,
  distributionPoints,
  PRINTABLE,
  policy,
  policyInformation,
  withCritical,
  withExtension,
  withoutExtension,
  withTimes,
  withValue,
} from '../../support/lint/fixtures.js';
import { ISSUING, ROOT } from './subjects.js';

const { publication, certificationPracticeStatement } = policy.environment.addresses;

export const AUTHORITY_FAULTS = faultsIn<AuthorityFault>(ISSUING, {
  e_ca_basic_constraints_are_critical: { 'basicConstraints not critical': withCritical('basicConstraints', false) },
  e_ca_basic_constraints_name_an_authority: { 'an empty sequence': withExtension('basicConstraints', seq()) },
  e_cps_ca_path_length: {
    'an authority below an issuing authority': withExtension('basicConstraints', seq(bool(true), integer(1))),
    'an issuing authority without a path length': withExtension('basicConstraints', seq(bool(true))),
    'a root with a path length': { of: ROOT, edit: withExtension('basicConstraints', seq(bool(true), integer(1))) },
  },
  e_cps_ca_key_usage: { 'digitalSignature too': withExtension('keyUsage', namedBits([0, 5, 6])) },
  e_cps_ca_extensions: {
    'no distribution point': withoutExtension('crlDistributionPoints'),
    'a root with a distribution point': {
      of: ROOT,
      edit: withExtension('crlDistributionPoints', distributionPoints([`${publication}/CRL/ACR-FO.crl`])),
    },
  },
  e_cps_ca_constraints_and_usage_alone_are_critical: {
    'certificatePolicies critical': withCritical('certificatePolicies', true),
  },
  e_cps_ca_policy_is_any_policy: {
    'the policy of end entities': withExtension(
      'certificatePolicies',
      policyInformation(policy.environment.policyOid, certificationPracticeStatement),
    ),
  },
  e_cps_policy_points_to_practice_statement: {
    'another address': withExtension(
      'certificatePolicies',
      policyInformation(OID.anyPolicy, 'http://127.0.0.1:8080/PC'),
    ),
  },
  e_cps_ca_crl_distribution_point_is_roots: {
    'its own list': withExtension('crlDistributionPoints', distributionPoints([`${publication}/CRL/ACI-FO-PP.crl`])),
  },
  e_cps_ca_name_is_authoritys: {
    'a name without the mark of tests': withValue('commonName', 'AC IGC-SANTE FORT PERSONNES'),
    'another string type': withValue('commonName', 'TEST AC IGC-SANTE FORT PERSONNES', PRINTABLE),
    'the first generation where the second is made': { context: (context) => ({ ...context, generation: 2 }) },
  },
  e_cps_ca_issuer_is_its_root: {
    'the root of another hierarchy': {
      context: (context) => ({
        ...context,
        issuer: context.issuer && { ...context.issuer, hierarchy: 'standard', authority: 'acr-st' },
      }),
    },
  },
  e_cps_ca_validity_within_policy: { 'a second too long': (parts) => withTimes(BEGINS, parts.ends + 1_000)(parts) },
  e_cps_ca_key_type_is_policys: {
    'a key of another type': {
      context: (context) => ({ ...context, authority: { ...context.authority, keyType: 'p-384' } }),
    },
  },
  e_validity_ends_within_issuers: {
    'an authority that outlives its root': {
      context: (context) => ({
        ...context,
        issuer: context.issuer && { ...context.issuer, notAfter: BEGINS + 86_400_000 },
      }),
    },
  },
});
