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
  ...NOT_CRITICAL.map(
    ([rule, extension, of, value]): StandardFault => ({
      rule,
      fault: `${extension} critical`,
      of,
      edit: value === null ? withCritical(extension, true) : withExtension(extension, value, true),
    }),
  ),
  {
    rule: 'e_no_unknown_critical_extension',
    fault: 'an unknown critical extension',
    of: SIGNATURE,
    edit: (parts) => ({
      ...parts,
      extensions: [...parts.extensions, { oid: '2.999.1', critical: true, value: nullValue() }],
    }),
  },
  {
    rule: 'e_authority_key_identifier_has_key_id',
    fault: 'no authorityKeyIdentifier',
    of: SIGNATURE,
    edit: withoutExtension('authorityKeyIdentifier'),
  },
  {
    rule: 'e_authority_key_identifier_pairs_issuer_and_serial',
    fault: 'a serial number without its issuer',
    of: ROOT,
    edit: withExtension('authorityKeyIdentifier', seq(contextPrimitive(2, Uint8Array.of(1)))),
  },
  {
    rule: 'e_ca_subject_key_identifier_is_present',
    fault: 'none',
    of: ISSUING,
    edit: withoutExtension('subjectKeyIdentifier'),
  },
  {
    rule: 'w_subject_key_identifier_is_present',
    fault: 'none',
    of: SIGNATURE,
    edit: withoutExtension('subjectKeyIdentifier'),
  },
  {
    rule: 'w_extended_key_usage_of_any_is_not_critical',
    fault: 'any purpose, critical',
    of: ORGANISATION,
    edit: withExtension('extKeyUsage', seq(oid(OID.anyExtendedKeyUsage)), true),
  },
  {
    rule: 'e_extended_key_usages_are_not_repeated',
    fault: 'clientAuth twice',
    of: ORGANISATION,
    edit: withExtension('extKeyUsage', seq(oid(OID.clientAuth), oid(OID.clientAuth))),
  },
  {
    rule: 'w_distribution_points_have_a_fetchable_address',
    fault: 'FTP alone',
    of: SIGNATURE,
    edit: withExtension('crlDistributionPoints', distributionPoints(['ftp://lists.example.org/a.crl'])),
  },
  {
    rule: 'e_distribution_points_name_a_list',
    fault: 'a point with reasons alone, and a complete one',
    of: SIGNATURE,
    edit: withExtension(
      'crlDistributionPoints',
      seq(seq(contextConstructed(0, contextConstructed(0, uri(LIST)))), seq(REASONS)),
    ),
  },
  {
    rule: 'e_distribution_points_cover_all_reasons',
    fault: 'one list, of some reasons',
    of: SIGNATURE,
    edit: withExtension('crlDistributionPoints', distributionPoints([LIST], [REASONS])),
  },
  {
    rule: 'w_ca_issuers_has_a_fetchable_address',
    fault: 'FTP alone',
    of: SIGNATURE,
    edit: withExtension(
      'authorityInfoAccess',
      accessDescriptions([
        { method: OID.accessOcsp, address: ocsp },
        { method: OID.accessCaIssuers, address: 'ftp://lists.example.org/a.cer' },
      ]),
    ),
  },
  {
    rule: 'w_ocsp_responders_have_an_http_address',
    fault: 'a responder in a directory',
    of: SIGNATURE,
    edit: withExtension(
      'authorityInfoAccess',
      accessDescriptions([{ method: OID.accessOcsp, address: 'ldap://directory.example.org/cn=x' }]),
    ),
  },
  {
    rule: 'w_distribution_points_have_full_names',
    fault: 'a name relative to the issuer, and a full one',
    of: SIGNATURE,
    edit: withExtension(
      'crlDistributionPoints',
      seq(
        seq(contextConstructed(0, contextConstructed(0, uri(LIST)))),
        seq(contextConstructed(0, contextConstructed(1, seq(oid(OID.commonName), tagged(0x0c, utf8('liste')))))),
      ),
    ),
  },
  {
    rule: 'e_addresses_follow_uri_syntax',
    fault: 'a space in the address of the practice statement',
    of: SIGNATURE,
    edit: withExtension('certificatePolicies', policyInformation(POLICY, 'http://igc.example.org/PC TEST')),
  },
  {
    rule: 'e_addresses_follow_uri_syntax',
    fault: 'a second list without a scheme',
    of: SIGNATURE,
    edit: withExtension('crlDistributionPoints', distributionPoints([LIST, 'lists.example.org/a.crl'])),
  },
  {
    rule: 'e_private_key_usage_period_is_in_order',
    fault: 'it ends before it begins',
    of: SIGNATURE,
    edit: withExtension(
      'privateKeyUsagePeriod',
      seq(tagged(0x80, utf8('20270301100000Z')), tagged(0x81, utf8('20260301100000Z'))),
    ),
  },
  {
    rule: 'e_private_key_usage_period_is_in_order',
    fault: 'neither beginning nor end',
    of: SIGNATURE,
    edit: withExtension('privateKeyUsagePeriod', seq()),
  },
  {
    rule: 'w_end_entities_have_a_policy_of_their_own',
    fault: 'anyPolicy',
    of: SIGNATURE,
    edit: withExtension('certificatePolicies', seq(seq(oid(OID.anyPolicy)))),
  },
  {
    rule: 'w_status_can_be_asked_for',
    fault: 'neither a CRL nor an OCSP responder',
    of: SIGNATURE,
    edit: withoutExtension('crlDistributionPoints', 'authorityInfoAccess'),
  },
  {
    rule: 'e_policies_are_not_repeated',
    fault: 'a policy twice',
    of: SIGNATURE,
    edit: withExtension('certificatePolicies', seq(seq(oid(POLICY)), seq(oid(POLICY)))),
  },
  {
    rule: 'e_qualifiers_of_any_policy_are_known',
    fault: 'a qualifier that RFC 5280 does not have',
    of: ISSUING,
    edit: withExtension('certificatePolicies', seq(seq(oid(OID.anyPolicy), seq(seq(oid('2.999.3'), nullValue()))))),
  },
  {
    rule: 'w_user_notice_has_no_reference',
    fault: 'a reference to a notice',
    of: SIGNATURE,
    edit: notice(seq(tagged(0x0c, utf8('ANS')), seq(integer(1)))),
  },
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
  {
    rule: 'w_explicit_text_has_no_control_characters',
    fault: 'a line feed',
    of: SIGNATURE,
    edit: explicitText(0x0c, utf8('deux\nlignes')),
  },
  {
    rule: 'w_explicit_text_is_in_normal_form',
    fault: 'an accent apart',
    of: SIGNATURE,
    edit: explicitText(0x0c, utf8('e\u0301tat')),
  },
  {
    rule: 'e_explicit_text_within_200_characters',
    fault: '201 characters',
    of: SIGNATURE,
    edit: explicitText(0x0c, utf8('x'.repeat(201))),
  },
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
