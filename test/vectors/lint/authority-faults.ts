/** Broken certificates of authorities. */
import { bool, integer, namedBits, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
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

export const AUTHORITY_FAULTS: readonly AuthorityFault[] = [
  {
    rule: 'e_ca_basic_constraints_are_critical',
    fault: 'basicConstraints not critical',
    of: ISSUING,
    edit: withCritical('basicConstraints', false),
  },
  {
    rule: 'e_ca_basic_constraints_name_an_authority',
    fault: 'an empty sequence',
    of: ISSUING,
    edit: withExtension('basicConstraints', seq()),
  },
  {
    rule: 'e_cps_ca_path_length',
    fault: 'an authority below an issuing authority',
    of: ISSUING,
    edit: withExtension('basicConstraints', seq(bool(true), integer(1))),
  },
  {
    rule: 'e_cps_ca_path_length',
    fault: 'an issuing authority without a path length',
    of: ISSUING,
    edit: withExtension('basicConstraints', seq(bool(true))),
  },
  {
    rule: 'e_cps_ca_path_length',
    fault: 'a root with a path length',
    of: ROOT,
    edit: withExtension('basicConstraints', seq(bool(true), integer(1))),
  },
  {
    rule: 'e_cps_ca_key_usage',
    fault: 'digitalSignature too',
    of: ISSUING,
    edit: withExtension('keyUsage', namedBits([0, 5, 6])),
  },
  {
    rule: 'e_cps_ca_extensions',
    fault: 'no distribution point',
    of: ISSUING,
    edit: withoutExtension('crlDistributionPoints'),
  },
  {
    rule: 'e_cps_ca_extensions',
    fault: 'a root with a distribution point',
    of: ROOT,
    edit: withExtension('crlDistributionPoints', distributionPoints([`${publication}/CRL/ACR-FO.crl`])),
  },
  {
    rule: 'e_cps_ca_constraints_and_usage_alone_are_critical',
    fault: 'certificatePolicies critical',
    of: ISSUING,
    edit: withCritical('certificatePolicies', true),
  },
  {
    rule: 'e_cps_ca_policy_is_any_policy',
    fault: 'the policy of end entities',
    of: ISSUING,
    edit: withExtension(
      'certificatePolicies',
      policyInformation(policy.environment.policyOid, certificationPracticeStatement),
    ),
  },
  {
    rule: 'e_cps_policy_points_to_practice_statement',
    fault: 'another address',
    of: ISSUING,
    edit: withExtension('certificatePolicies', policyInformation(OID.anyPolicy, 'http://127.0.0.1:8080/PC')),
  },
  {
    rule: 'e_cps_ca_crl_distribution_point_is_roots',
    fault: 'its own list',
    of: ISSUING,
    edit: withExtension('crlDistributionPoints', distributionPoints([`${publication}/CRL/ACI-FO-PP.crl`])),
  },
  {
    rule: 'e_cps_ca_name_is_authoritys',
    fault: 'a name without the mark of tests',
    of: ISSUING,
    edit: withValue('commonName', 'AC IGC-SANTE FORT PERSONNES'),
  },
  {
    rule: 'e_cps_ca_name_is_authoritys',
    fault: 'another string type',
    of: ISSUING,
    edit: withValue('commonName', 'TEST AC IGC-SANTE FORT PERSONNES', PRINTABLE),
  },
  {
    rule: 'e_cps_ca_name_is_authoritys',
    fault: 'the first generation where the second is made',
    of: ISSUING,
    context: (context) => ({ ...context, generation: 2 }),
  },
  {
    rule: 'e_cps_ca_issuer_is_its_root',
    fault: 'the root of another hierarchy',
    of: ISSUING,
    context: (context) => ({
      ...context,
      issuer: context.issuer && { ...context.issuer, hierarchy: 'standard', authority: 'acr-st' },
    }),
  },
  {
    rule: 'e_cps_ca_validity_within_policy',
    fault: 'a second too long',
    of: ISSUING,
    edit: (parts) => withTimes(BEGINS, parts.ends + 1_000)(parts),
  },
  {
    rule: 'e_cps_ca_key_type_is_policys',
    fault: 'a key of another type',
    of: ISSUING,
    context: (context) => ({ ...context, authority: { ...context.authority, keyType: 'p-384' } }),
  },
  {
    rule: 'e_validity_ends_within_issuers',
    fault: 'an authority that outlives its root',
    of: ISSUING,
    context: (context) => ({
      ...context,
      issuer: context.issuer && { ...context.issuer, notAfter: BEGINS + 86_400_000 },
    }),
  },
];
