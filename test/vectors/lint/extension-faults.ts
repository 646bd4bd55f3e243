/**
 * Broken certificates for the rules of profiles: extensions, usages, addresses, alternative names,
 * cards.
 */

import { bool, namedBits, nullValue, oid, seq, tagged } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import type { LintContext } from '../../../src/lint/certificate/lint.js';
import type { Profile } from '../../../src/policy/model.js';
import { faultsIn } from '../../support/lint/fault-table.js';
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
  ...faultsIn<CertificateFault>(SIGNATURE, {
    e_cps_extensions_are_those_of_profile: {
      'no privateKeyUsagePeriod': withoutExtension('privateKeyUsagePeriod'),
      'an unknown extension': (parts) => ({
        ...parts,
        extensions: [...parts.extensions, { oid: '2.999.1', critical: false, value: nullValue() }],
      }),
    },
    e_cps_key_usage_alone_is_critical: { 'extKeyUsage critical': withCritical('extKeyUsage', true) },
    e_basic_constraints_name_no_authority: {
      'cA TRUE': withExtension('basicConstraints', seq(bool(true))),
      'a path length': withExtension('basicConstraints', seq(tagged(0x02, Uint8Array.of(0)))),
    },
    e_cps_key_usage_is_that_of_profile: {
      'digitalSignature with nonRepudiation': withExtension('keyUsage', namedBits([0, 1])),
    },
    e_key_usage_is_a_setting_of_en_319_412: {
      'nonRepudiation with keyEncipherment alone, in a profile that has both': {
        keyType: 'rsa-2048',
        edit: withExtension('keyUsage', namedBits([1, 2])),
        context: profiled({ keyUsage: ['nonRepudiation', 'keyEncipherment'] }),
      },
    },
    e_key_usage_fits_extended_key_usage: {
      'clientAuth for a key that only encrypts, in a profile with both': {
        of: SERVER,
        keyType: 'rsa-2048',
        edit: withExtension('keyUsage', namedBits([2])),
        context: profiled({ keyUsage: ['keyEncipherment'] }),
      },
    },
    e_cps_extended_key_usage_is_that_of_profile: {
      'a purpose too many': {
        of: ORGANISATION,
        edit: withExtension('extKeyUsage', purposes(OID.clientAuth, OID.emailProtection)),
      },
      'any purpose': { of: ORGANISATION, edit: withExtension('extKeyUsage', purposes('2.5.29.37.0')) },
    },
    e_ocsp_signing_is_for_responders_alone: {
      'OCSP signing on a card, in a profile that has it': {
        of: LOGON,
        edit: both(
          withoutExtension('crlDistributionPoints', 'freshestCrl', 'authorityInfoAccess'),
          withExtension('ocspNoCheck', nullValue()),
          withExtension('extKeyUsage', purposes(OID.clientAuth, OID.ocspSigning)),
        ),
        context: profiled({ extendedKeyUsage: ['clientAuth', 'ocspSigning'], ocspNoCheck: true }),
      },
    },
    e_ocsp_responder_may_sign_answers: {
      'nonRepudiation alone, in a profile that has it': {
        of: RESPONDER,
        edit: withExtension('keyUsage', namedBits([1])),
        context: profiled({ keyUsage: ['nonRepudiation'] }),
      },
    },
    e_cps_policy_is_environments: {
      'another policy': withExtension(
        'certificatePolicies',
        policyInformation('2.999.1', certificationPracticeStatement),
      ),
    },
    e_cps_crl_distribution_points_are_issuers: {
      'the list of another authority': withExtension(
        'crlDistributionPoints',
        distributionPoints([`${publication}/CRL/ACI-FO-ORG.crl`]),
      ),
      'the list of the next generation': withExtension(
        'crlDistributionPoints',
        distributionPoints([`${publication}/CRL/ACI-FO-PP-2.crl`]),
      ),
    },
    e_cps_freshest_crl_is_issuers: { 'the full list': withExtension('freshestCrl', distributionPoints([crl])) },
    e_cps_aia_names_ocsp_responder: {
      'another responder': withExtension(
        'authorityInfoAccess',
        access([OID.accessOcsp, 'http://ocsp.example.org'], [OID.accessCaIssuers, caIssuers]),
      ),
    },
    e_cps_aia_names_issuer: {
      'the certificate of another authority': withExtension(
        'authorityInfoAccess',
        access([OID.accessOcsp, ocsp], [OID.accessCaIssuers, `${publication}/AC/ACI-FO-ORG.cer`]),
      ),
    },
    e_cps_aia_has_no_other_method: {
      'a time-stamping authority': withExtension(
        'authorityInfoAccess',
        access(
          [OID.accessOcsp, ocsp],
          [OID.accessCaIssuers, caIssuers],
          ['1.3.6.1.5.5.7.48.3', 'http://tsa.example.org'],
        ),
      ),
    },
    e_cps_alternative_names_are_of_profile: {
      'a host name and the principal name': {
        of: LOGON,
        edit: withExtension('subjectAltName', seq(upn('810002813839@carte-cps.fr'), dns('lps.example.org'))),
      },
      'a principal name and host names': {
        of: SERVER,
        edit: withExtension('subjectAltName', seq(dns('lps.example.org'), upn('lps.example.org@carte-cps.fr'))),
      },
    },
    e_cps_upn_is_common_name: {
      'the principal name of another holder': {
        of: LOGON,
        edit: withExtension('subjectAltName', seq(upn('899700218896@carte-cps.fr'))),
      },
      'another domain': {
        of: LOGON,
        edit: withExtension('subjectAltName', seq(upn('810002813839@carte-cps.fr.example.org'))),
      },
    },
    e_dns_names_begin_with_common_name: {
      'the common name second': {
        of: SERVER,
        edit: withExtension('subjectAltName', seq(dns('www.example.org'), dns('lps.example.org'))),
      },
    },
    e_cps_dns_names_have_no_wildcard: {
      'a wildcard': {
        of: SERVER,
        edit: withExtension('subjectAltName', seq(dns('lps.example.org'), dns('*.example.org'))),
      },
    },
    e_alternative_names_are_not_repeated: {
      'the same name in upper case': {
        of: SERVER,
        edit: withExtension('subjectAltName', seq(dns('lps.example.org'), dns('LPS.example.org'))),
      },
    },
    e_cps_ip_addresses_are_allowed: {
      'an address that the environment does not list': {
        of: SERVER,
        edit: withExtension('subjectAltName', seq(dns('lps.example.org'), tagged(0x87, Uint8Array.of(192, 0, 2, 1)))),
      },
    },
    e_cps_private_key_usage_period_is_validity: {
      'a month shorter than the certificate': withExtension(
        'privateKeyUsagePeriod',
        seq(tagged(0x80, utf8('20260301100000Z')), tagged(0x81, utf8('20290201095959Z'))),
      ),
      'no end': withExtension('privateKeyUsagePeriod', seq(tagged(0x80, utf8('20260301100000Z')))),
    },
    e_cps_card_category_is_environments: {
      'a card of production in a test': withExtension('gipCardCategory', tagged(0x04, Uint8Array.of(0x00))),
      'software where a card is': withExtension('gipCardCategory', tagged(0x04, Uint8Array.of(0x83))),
    },
    e_cps_card_type_is_of_profile: {
      'a CPE card with a certificate of CPS cards': withExtension('gipCardType', tagged(0x02, Uint8Array.of(2))),
    },
    e_cps_card_id_is_a_token_id: {
      'nine digits': withExtension('gipCardId', tagged(PRINTABLE, utf8('8025000001/260030175'))),
    },
    e_cps_profession_is_a_code: {
      'a code of one digit': withExtension('gipProfessionCode', tagged(0x02, Uint8Array.of(5))),
    },
  }),
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
];
