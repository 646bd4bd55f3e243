/** Broken certificates for the rules of public standards about extensions. */

import {
  bool,
  contextConstructed,
  contextPrimitive,
  integer,
  namedBits,
  nullValue,
  octetString,
  oid,
  seq,
  setOf,
  tagged,
} from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { concat, utf8 } from '../../../src/kernel/bytes.js';
import { faultsIn } from '../../support/lint/fault-table.js';
import {
  accessDescriptions,
  distributionPoints,
  dns,
  type Edit,
  policy,
  policyInformation,
  type StandardFault,
  withCritical,
  withExtension,
  withoutExtension,
} from '../../support/lint/fixtures.js';
import { ISSUING, ORGANISATION, RESPONDER, ROOT, SERVER, SIGNATURE } from './subjects.js';

const { publication, ocsp } = policy.environment.addresses;
const LIST = `${publication}/CRL/ACI-FO-PP.crl`;
const POLICY = '2.999.1';
const uri = (address: string): Uint8Array => tagged(0x86, utf8(address));
/** A BIT STRING with keyCompromise, for the `reasons` of a distribution point. */
const REASONS = contextPrimitive(1, Uint8Array.of(6, 0x40));

const notice = (...members: readonly Uint8Array[]): Edit =>
  withExtension('certificatePolicies', seq(seq(oid(POLICY), seq(seq(oid(OID.userNoticeQualifier), seq(...members))))));
const explicitText = (tag: number, value: Uint8Array): Edit => notice(tagged(tag, value));

type NamedExtension = Parameters<typeof withExtension>[0];

/**
 * Extensions that must not or should not be critical, each with a valid value where the valid
 * certificate has none.
 */
const NOT_CRITICAL: readonly (readonly [StandardFault['rule'], NamedExtension, string, Uint8Array | null])[] = [
  ['e_authority_key_identifier_is_not_critical', 'authorityKeyIdentifier', SIGNATURE, null],
  ['e_subject_key_identifier_is_not_critical', 'subjectKeyIdentifier', SIGNATURE, null],
  ['e_authority_info_access_is_not_critical', 'authorityInfoAccess', SIGNATURE, null],
  ['w_crl_distribution_points_are_not_critical', 'crlDistributionPoints', SIGNATURE, null],
  ['w_private_key_usage_period_is_not_critical', 'privateKeyUsagePeriod', SIGNATURE, null],
  ['w_ocsp_nocheck_is_not_critical', 'ocspNoCheck', RESPONDER, null],
  ['e_freshest_crl_is_not_critical', 'freshestCrl', SIGNATURE, distributionPoints([LIST])],
  ['w_issuer_alternative_name_is_not_critical', 'issuerAltName', SIGNATURE, seq(dns('ac.example.org'))],
  [
    'e_subject_info_access_is_not_critical',
    'subjectInfoAccess',
    ISSUING,
    accessDescriptions([{ method: '1.3.6.1.5.5.7.48.5', address: 'http://ac.example.org/' }]),
  ],
  [
    'e_subject_directory_attributes_are_not_critical',
    'subjectDirectoryAttributes',
    SIGNATURE,
    seq(seq(oid(OID.title), setOf([tagged(0x0c, utf8('Infirmier'))]))),
  ],
];

export const STANDARD_EXTENSION_FAULTS: readonly StandardFault[] = [
  ...faultsIn<StandardFault>(SIGNATURE, {
    e_no_unknown_critical_extension: {
      'an unknown critical extension': (parts) => ({
        ...parts,
        extensions: [...parts.extensions, { oid: '2.999.1', critical: true, value: nullValue() }],
      }),
    },
    e_authority_key_identifier_has_key_id: { 'no authorityKeyIdentifier': withoutExtension('authorityKeyIdentifier') },
    e_authority_key_identifier_pairs_issuer_and_serial: {
      'a serial number without its issuer': {
        of: ROOT,
        edit: withExtension('authorityKeyIdentifier', seq(contextPrimitive(2, Uint8Array.of(1)))),
      },
    },
    e_ca_subject_key_identifier_is_present: { none: { of: ISSUING, edit: withoutExtension('subjectKeyIdentifier') } },
    w_subject_key_identifier_is_present: { none: withoutExtension('subjectKeyIdentifier') },
    w_extended_key_usage_of_any_is_not_critical: {
      'any purpose, critical': {
        of: ORGANISATION,
        edit: withExtension('extKeyUsage', seq(oid(OID.anyExtendedKeyUsage)), true),
      },
    },
    e_extended_key_usages_are_not_repeated: {
      'clientAuth twice': {
        of: ORGANISATION,
        edit: withExtension('extKeyUsage', seq(oid(OID.clientAuth), oid(OID.clientAuth))),
      },
    },
    w_distribution_points_have_a_fetchable_address: {
      'FTP alone': withExtension('crlDistributionPoints', distributionPoints(['ftp://lists.example.org/a.crl'])),
    },
    e_distribution_points_name_a_list: {
      'a point with reasons alone, and a complete one': withExtension(
        'crlDistributionPoints',
        seq(seq(contextConstructed(0, contextConstructed(0, uri(LIST)))), seq(REASONS)),
      ),
    },
    e_distribution_points_cover_all_reasons: {
      'one list, of some reasons': withExtension('crlDistributionPoints', distributionPoints([LIST], [REASONS])),
    },
    w_ca_issuers_has_a_fetchable_address: {
      'FTP alone': withExtension(
        'authorityInfoAccess',
        accessDescriptions([
          { method: OID.accessOcsp, address: ocsp },
          { method: OID.accessCaIssuers, address: 'ftp://lists.example.org/a.cer' },
        ]),
      ),
    },
    w_ocsp_responders_have_an_http_address: {
      'a responder in a directory': withExtension(
        'authorityInfoAccess',
        accessDescriptions([{ method: OID.accessOcsp, address: 'ldap://directory.example.org/cn=x' }]),
      ),
    },
    w_distribution_points_have_full_names: {
      'a name relative to the issuer, and a full one': withExtension(
        'crlDistributionPoints',
        seq(
          seq(contextConstructed(0, contextConstructed(0, uri(LIST)))),
          seq(contextConstructed(0, contextConstructed(1, seq(oid(OID.commonName), tagged(0x0c, utf8('liste')))))),
        ),
      ),
    },
    e_addresses_follow_uri_syntax: {
      'a space in the address of the practice statement': withExtension(
        'certificatePolicies',
        policyInformation(POLICY, 'http://igc.example.org/PC TEST'),
      ),
      'a second list without a scheme': withExtension(
        'crlDistributionPoints',
        distributionPoints([LIST, 'lists.example.org/a.crl']),
      ),
    },
    e_private_key_usage_period_is_in_order: {
      'it ends before it begins': withExtension(
        'privateKeyUsagePeriod',
        seq(tagged(0x80, utf8('20270301100000Z')), tagged(0x81, utf8('20260301100000Z'))),
      ),
      'neither beginning nor end': withExtension('privateKeyUsagePeriod', seq()),
    },
    w_end_entities_have_a_policy_of_their_own: {
      anyPolicy: withExtension('certificatePolicies', seq(seq(oid(OID.anyPolicy)))),
    },
    w_status_can_be_asked_for: {
      'neither a CRL nor an OCSP responder': withoutExtension('crlDistributionPoints', 'authorityInfoAccess'),
    },
    e_policies_are_not_repeated: {
      'a policy twice': withExtension('certificatePolicies', seq(seq(oid(POLICY)), seq(oid(POLICY)))),
    },
    e_qualifiers_of_any_policy_are_known: {
      'a qualifier that RFC 5280 does not have': {
        of: ISSUING,
        edit: withExtension('certificatePolicies', seq(seq(oid(OID.anyPolicy), seq(seq(oid('2.999.3'), nullValue()))))),
      },
    },
    w_user_notice_has_no_reference: {
      'a reference to a notice': notice(seq(tagged(0x0c, utf8('ANS')), seq(integer(1)))),
    },
    w_explicit_text_has_no_control_characters: { 'a line feed': explicitText(0x0c, utf8('deux\nlignes')) },
    w_explicit_text_is_in_normal_form: { 'an accent apart': explicitText(0x0c, utf8('e\u0301tat')) },
    e_explicit_text_within_200_characters: { '201 characters': explicitText(0x0c, utf8('x'.repeat(201))) },
  }),
  ...NOT_CRITICAL.map(
    ([rule, extension, of, value]): StandardFault => ({
      rule,
      fault: `${extension} critical`,
      of,
      edit: value === null ? withCritical(extension, true) : withExtension(extension, value, true),
    }),
  ),
  ...[
    ['an IA5String', 0x16, utf8('texte')],
    ['a VisibleString', 0x1a, utf8('texte')],
    ['a BMPString', 0x1e, Uint8Array.of(0, 0x74)],
  ].map(
    ([fault, tag, value]): StandardFault => ({
      rule: 'w_explicit_text_is_utf8',
      fault: String(fault),
      of: SIGNATURE,
      edit: explicitText(Number(tag), value as Uint8Array),
    }),
  ),
  ...[
    ['an iPAddress of five octets', 'subjectAltName', seq(tagged(0x87, Uint8Array.of(1, 2, 3, 4, 5)))],
    ['a dNSName in UTF-8', 'subjectAltName', seq(dns('lés.example.org'))],
    ['a dNSName with a NUL', 'subjectAltName', seq(dns('lps\u0000.example.org'))],
    ['no alternative name', 'subjectAltName', seq()],
    ['a tenth key usage', 'keyUsage', namedBits([0, 9])],
    ['a key usage without bits', 'keyUsage', tagged(0x03, Uint8Array.of(0))],
    [
      'a point without a name in its name',
      'crlDistributionPoints',
      seq(seq(contextConstructed(0, contextConstructed(0)))),
    ],
    ['no access description', 'authorityInfoAccess', seq()],
    ['an octet after the value', 'subjectKeyIdentifier', concat([octetString(new Uint8Array(20)), Uint8Array.of(0)])],
    ['a negative path length', 'basicConstraints', seq(bool(true), tagged(0x02, Uint8Array.of(0xff)))],
  ].map(
    ([fault, extension, value]): StandardFault => ({
      rule: 'e_extension_values_are_well_formed',
      fault: String(fault),
      of: SERVER,
      edit: withExtension(extension as NamedExtension, value as Uint8Array),
    }),
  ),
];
