/**
 * Broken certificates for the rules of profiles: extensions, usages, addresses, alternative names,
 * cards.
 */
import { bool, namedBits, nullValue, oid, seq, tagged } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import type { LintContext } from '../../../src/lint/certificate/lint.js';
import type { Profile } from '../../../src/policy/model.js';
import {
  accessDescriptions,
  both,
  type CertificateFault,
  distributionPoints,
  dns,
  email,
  PRINTABLE,
  policy,
  policyInformation,
  upn,
  withCritical,
  withExtension,
  withoutExtension,
} from '../../support/lint/fixtures.js';
import { LOGON, MAIL, ORGANISATION, RESPONDER, SERVER, SIGNATURE } from './subjects.js';

const { publication, ocsp, certificationPracticeStatement } = policy.environment.addresses;
const crl = `${publication}/CRL/ACI-FO-PP.crl`;
const caIssuers = `${publication}/AC/ACI-FO-PP.cer`;

/** Changes some members of the context's profile, as a wrong policy would. */
function profiled(change: Partial<Profile>): (context: LintContext) => LintContext {
  return (context) => ({ ...context, profile: { ...context.profile, ...change } });
}

const purposes = (...oids: readonly string[]): Uint8Array => seq(...oids.map(oid));
const access = (...list: readonly (readonly [string, string])[]): Uint8Array =>
  accessDescriptions(list.map(([method, address]) => ({ method, address })));

export const EXTENSION_FAULTS: readonly CertificateFault[] = [
  {
    rule: 'e_cps_extensions_are_those_of_profile',
    fault: 'no privateKeyUsagePeriod',
    of: SIGNATURE,
    edit: withoutExtension('privateKeyUsagePeriod'),
  },
  {
    rule: 'e_cps_extensions_are_those_of_profile',
    fault: 'an unknown extension',
    of: SIGNATURE,
    edit: (parts) => ({
      ...parts,
      extensions: [...parts.extensions, { oid: '2.999.1', critical: false, value: nullValue() }],
    }),
  },
  {
    rule: 'e_cps_key_usage_alone_is_critical',
    fault: 'extKeyUsage critical',
    of: SIGNATURE,
    edit: withCritical('extKeyUsage', true),
  },
  {
    rule: 'e_basic_constraints_name_no_authority',
    fault: 'cA TRUE',
    of: SIGNATURE,
    edit: withExtension('basicConstraints', seq(bool(true))),
  },
  {
    rule: 'e_basic_constraints_name_no_authority',
    fault: 'a path length',
    of: SIGNATURE,
    edit: withExtension('basicConstraints', seq(tagged(0x02, Uint8Array.of(0)))),
  },
  {
    rule: 'e_cps_key_usage_is_that_of_profile',
    fault: 'digitalSignature with nonRepudiation',
    of: SIGNATURE,
    edit: withExtension('keyUsage', namedBits([0, 1])),
  },
  {
    rule: 'e_key_usage_is_a_setting_of_en_319_412',
    fault: 'nonRepudiation with keyEncipherment alone, in a profile that has both',
    of: SIGNATURE,
    keyType: 'rsa-2048',
    edit: withExtension('keyUsage', namedBits([1, 2])),
    context: profiled({ keyUsage: ['nonRepudiation', 'keyEncipherment'] }),
  },
  {
    rule: 'e_key_usage_fits_extended_key_usage',
    fault: 'clientAuth for a key that only encrypts, in a profile with both',
    of: SERVER,
    keyType: 'rsa-2048',
    edit: withExtension('keyUsage', namedBits([2])),
    context: profiled({ keyUsage: ['keyEncipherment'] }),
  },
  {
    rule: 'e_cps_extended_key_usage_is_that_of_profile',
    fault: 'a purpose too many',
    of: ORGANISATION,
    edit: withExtension('extKeyUsage', purposes(OID.clientAuth, OID.emailProtection)),
  },
  {
    rule: 'e_cps_extended_key_usage_is_that_of_profile',
    fault: 'any purpose',
    of: ORGANISATION,
    edit: withExtension('extKeyUsage', purposes('2.5.29.37.0')),
  },
  {
    rule: 'e_ocsp_signing_is_for_responders_alone',
    fault: 'OCSP signing on a card, in a profile that has it',
    of: LOGON,
    edit: both(
      withoutExtension('crlDistributionPoints', 'freshestCrl', 'authorityInfoAccess'),
      withExtension('ocspNoCheck', nullValue()),
      withExtension('extKeyUsage', purposes(OID.clientAuth, OID.ocspSigning)),
    ),
    context: profiled({ extendedKeyUsage: ['clientAuth', 'ocspSigning'], ocspNoCheck: true }),
  },
  {
    rule: 'e_ocsp_responder_may_sign_answers',
    fault: 'nonRepudiation alone, in a profile that has it',
    of: RESPONDER,
    edit: withExtension('keyUsage', namedBits([1])),
    context: profiled({ keyUsage: ['nonRepudiation'] }),
  },
  {
    rule: 'e_cps_policy_is_environments',
    fault: 'another policy',
    of: SIGNATURE,
    edit: withExtension('certificatePolicies', policyInformation('2.999.1', certificationPracticeStatement)),
  },
  {
    rule: 'e_cps_crl_distribution_points_are_issuers',
    fault: 'the list of another authority',
    of: SIGNATURE,
    edit: withExtension('crlDistributionPoints', distributionPoints([`${publication}/CRL/ACI-FO-ORG.crl`])),
  },
  {
    rule: 'e_cps_crl_distribution_points_are_issuers',
    fault: 'the list of the next generation',
    of: SIGNATURE,
    edit: withExtension('crlDistributionPoints', distributionPoints([`${publication}/CRL/ACI-FO-PP-2.crl`])),
  },
  {
    rule: 'e_cps_freshest_crl_is_issuers',
    fault: 'the full list',
    of: SIGNATURE,
    edit: withExtension('freshestCrl', distributionPoints([crl])),
  },
  {
    rule: 'e_cps_aia_names_ocsp_responder',
    fault: 'another responder',
    of: SIGNATURE,
    edit: withExtension(
      'authorityInfoAccess',
      access([OID.accessOcsp, 'http://ocsp.example.org'], [OID.accessCaIssuers, caIssuers]),
    ),
  },
  {
    rule: 'e_cps_aia_names_issuer',
    fault: 'the certificate of another authority',
    of: SIGNATURE,
    edit: withExtension(
      'authorityInfoAccess',
      access([OID.accessOcsp, ocsp], [OID.accessCaIssuers, `${publication}/AC/ACI-FO-ORG.cer`]),
    ),
  },
  {
    rule: 'e_cps_aia_has_no_other_method',
    fault: 'a time-stamping authority',
    of: SIGNATURE,
    edit: withExtension(
      'authorityInfoAccess',
      access(
        [OID.accessOcsp, ocsp],
        [OID.accessCaIssuers, caIssuers],
        ['1.3.6.1.5.5.7.48.3', 'http://tsa.example.org'],
      ),
    ),
  },
  {
    rule: 'e_cps_alternative_names_are_of_profile',
    fault: 'a host name and the principal name',
    of: LOGON,
    edit: withExtension('subjectAltName', seq(upn('810002813839@carte-cps.fr'), dns('lps.example.org'))),
  },
  {
    rule: 'e_cps_alternative_names_are_of_profile',
    fault: 'a principal name and host names',
    of: SERVER,
    edit: withExtension('subjectAltName', seq(dns('lps.example.org'), upn('lps.example.org@carte-cps.fr'))),
  },
  {
    rule: 'e_cps_upn_is_common_name',
    fault: 'the principal name of another holder',
    of: LOGON,
    edit: withExtension('subjectAltName', seq(upn('899700218896@carte-cps.fr'))),
  },
  {
    rule: 'e_cps_upn_is_common_name',
    fault: 'another domain',
    of: LOGON,
    edit: withExtension('subjectAltName', seq(upn('810002813839@carte-cps.fr.example.org'))),
  },
  {
    rule: 'e_dns_names_begin_with_common_name',
    fault: 'the common name second',
    of: SERVER,
    edit: withExtension('subjectAltName', seq(dns('www.example.org'), dns('lps.example.org'))),
  },
  ...['under_score.example.org', '-lps.example.org', 'lps..example.org', '192.0.2.1', 'ab--cd.example.org'].map(
    (name): CertificateFault => ({
      rule: 'e_dns_names_have_preferred_syntax',
      fault: JSON.stringify(name),
      of: SERVER,
      edit: withExtension('subjectAltName', seq(dns('lps.example.org'), dns(name))),
    }),
  ),
  ...['a@example.org', 'a@notmail.example.org', 'a@mail.example.org.example'].map(
    (address): CertificateFault => ({
      rule: 'e_cps_mail_addresses_are_of_common_name',
      fault: address,
      of: MAIL,
      edit: withExtension('subjectAltName', seq(email('a@mail.example.org'), email(address))),
    }),
  ),
  {
    rule: 'e_cps_dns_names_have_no_wildcard',
    fault: 'a wildcard',
    of: SERVER,
    edit: withExtension('subjectAltName', seq(dns('lps.example.org'), dns('*.example.org'))),
  },
  {
    rule: 'e_alternative_names_are_not_repeated',
    fault: 'the same name in upper case',
    of: SERVER,
    edit: withExtension('subjectAltName', seq(dns('lps.example.org'), dns('LPS.example.org'))),
  },
  {
    rule: 'e_cps_ip_addresses_are_allowed',
    fault: 'an address that the environment does not list',
    of: SERVER,
    edit: withExtension('subjectAltName', seq(dns('lps.example.org'), tagged(0x87, Uint8Array.of(192, 0, 2, 1)))),
  },
  {
    rule: 'e_cps_private_key_usage_period_is_validity',
    fault: 'a month shorter than the certificate',
    of: SIGNATURE,
    edit: withExtension(
      'privateKeyUsagePeriod',
      seq(tagged(0x80, utf8('20260301100000Z')), tagged(0x81, utf8('20290201095959Z'))),
    ),
  },
  {
    rule: 'e_cps_private_key_usage_period_is_validity',
    fault: 'no end',
    of: SIGNATURE,
    edit: withExtension('privateKeyUsagePeriod', seq(tagged(0x80, utf8('20260301100000Z')))),
  },
  {
    rule: 'e_cps_card_category_is_environments',
    fault: 'a card of production in a test',
    of: SIGNATURE,
    edit: withExtension('gipCardCategory', tagged(0x04, Uint8Array.of(0x00))),
  },
  {
    rule: 'e_cps_card_category_is_environments',
    fault: 'software where a card is',
    of: SIGNATURE,
    edit: withExtension('gipCardCategory', tagged(0x04, Uint8Array.of(0x83))),
  },
  {
    rule: 'e_cps_card_type_is_of_profile',
    fault: 'a CPE card with a certificate of CPS cards',
    of: SIGNATURE,
    edit: withExtension('gipCardType', tagged(0x02, Uint8Array.of(2))),
  },
  {
    rule: 'e_cps_card_id_is_a_token_id',
    fault: 'nine digits',
    of: SIGNATURE,
    edit: withExtension('gipCardId', tagged(PRINTABLE, utf8('8025000001/260030175'))),
  },
  {
    rule: 'e_cps_profession_is_a_code',
    fault: 'a code of one digit',
    of: SIGNATURE,
    edit: withExtension('gipProfessionCode', tagged(0x02, Uint8Array.of(5))),
  },
];
