/** CRLs with one fault each in their extensions, alone or together with the entries. */
import {
  contextConstructed,
  contextPrimitive,
  generalizedTime,
  integer,
  nullValue,
  oid,
  seq,
  tagged,
} from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { present } from '../../../src/kernel/assert.js';
import { concat, utf8 } from '../../../src/kernel/bytes.js';
import {
  type CrlFault,
  criticalCrlExtension,
  inTurn,
  onlyEntry,
  withCrlExtension,
  withoutCrlExtension,
} from '../../support/lint/crl-fixtures.js';

import {
  ADDRESS,
  anyScope,
  DELTA,
  directoryName,
  extension,
  foreign,
  hex,
  POINT,
  part,
  pointAt,
  reason,
  STRANGE,
  TRUE,
  uri,
} from './crl-pieces.js';

export const CRL_EXTENSION_FAULTS: readonly CrlFault[] = [
  { rule: 'e_crl_extensions_present', fault: 'no extensions', edit: (parts) => ({ ...parts, extensions: null }) },
  {
    rule: 'e_crl_extension_values_are_well_formed',
    fault: 'a BOOLEAN of 01 in issuingDistributionPoint',
    edit: withCrlExtension('issuingDistributionPoint', seq(POINT, contextPrimitive(1, Uint8Array.of(1))), true),
    context: anyScope,
  },
  {
    rule: 'e_crl_extension_values_are_well_formed',
    fault: 'octets after the number',
    edit: withCrlExtension('crlNumber', concat([integer(7), nullValue()])),
  },
  {
    rule: 'e_crl_no_unknown_critical_extension',
    fault: 'an unknown critical extension',
    edit: withCrlExtension({ ...STRANGE, critical: true }),
  },
  {
    rule: 'e_crl_aki_present',
    fault: 'no authorityKeyIdentifier',
    edit: withoutCrlExtension('authorityKeyIdentifier'),
  },
  {
    rule: 'e_crl_aki_has_key_identifier',
    fault: 'an authorityKeyIdentifier with nothing in it',
    edit: withCrlExtension('authorityKeyIdentifier', seq()),
  },
  {
    rule: 'e_crl_aki_matches_issuer',
    fault: 'the identifier of another key',
    edit: withCrlExtension('authorityKeyIdentifier', seq(contextPrimitive(0, new Uint8Array(20).fill(0x5a)))),
  },
  {
    rule: 'e_crl_aki_is_not_critical',
    fault: 'a critical authorityKeyIdentifier',
    edit: criticalCrlExtension('authorityKeyIdentifier'),
  },
  {
    rule: 'e_cps_crl_aki_is_key_id_alone',
    fault: 'issuer and serial number with the key identifier',
    edit: (parts) => {
      const aki = present(
        parts.extensions?.find(({ oid: id }) => id === OID.authorityKeyIdentifier),
        'AKI',
      );
      const more = [contextConstructed(1, directoryName(parts)), contextPrimitive(2, Uint8Array.of(5))];
      return withCrlExtension('authorityKeyIdentifier', seq(aki.value.slice(2), ...more))(parts);
    },
  },
  {
    rule: 'e_crl_issuer_alt_name_is_not_critical',
    fault: 'a critical issuerAltName, by another issuer',
    edit: withCrlExtension('issuerAltName', seq(ADDRESS), true),
    context: foreign,
  },
  { rule: 'e_crl_number_present', fault: 'no number', edit: withoutCrlExtension('crlNumber') },
  { rule: 'e_crl_number_is_not_critical', fault: 'a critical number', edit: criticalCrlExtension('crlNumber') },
  {
    rule: 'e_crl_number_is_not_negative',
    fault: 'number -1',
    edit: withCrlExtension('crlNumber', hex('0201ff')),
  },
  {
    rule: 'e_crl_number_at_most_20_octets',
    fault: 'a number of 21 octets',
    edit: withCrlExtension('crlNumber', tagged(0x02, new Uint8Array(21).fill(0x11))),
  },
  { rule: 'e_cps_crl_number_counts_from_1', fault: 'number 0', edit: withCrlExtension('crlNumber', integer(0)) },
  {
    rule: 'e_cps_crl_number_counts_from_1',
    fault: 'number 2^53',
    edit: withCrlExtension('crlNumber', tagged(0x02, hex('20000000000000'))),
  },
  {
    rule: 'e_crl_delta_indicator_is_critical',
    fault: 'a deltaCRLIndicator that is not critical',
    edit: withCrlExtension('deltaCrlIndicator', integer(1)),
    context: anyScope,
  },
  {
    rule: 'e_crl_base_number_is_below_number',
    fault: 'a delta to itself',
    edit: inTurn(withCrlExtension('crlNumber', integer(9)), withCrlExtension('deltaCrlIndicator', integer(9), true)),
    context: anyScope,
  },
  {
    rule: 'e_crl_base_number_is_not_negative',
    fault: 'a delta to number -1',
    edit: withCrlExtension('deltaCrlIndicator', hex('0201ff'), true),
    context: anyScope,
  },
  {
    rule: 'e_crl_delta_has_no_freshest_crl',
    fault: 'a delta that names its own address of deltas',
    edit: inTurn(DELTA, withCrlExtension('freshestCrl', seq(seq(POINT)))),
    context: anyScope,
  },
  {
    rule: 'e_crl_freshest_crl_is_not_critical',
    fault: 'a critical freshestCRL',
    edit: withCrlExtension('freshestCrl', seq(seq(POINT)), true),
    context: anyScope,
  },
  {
    rule: 'e_crl_freshest_crl_has_points_alone',
    fault: 'reasons in freshestCRL',
    edit: withCrlExtension('freshestCrl', seq(seq(POINT, contextPrimitive(1, Uint8Array.of(6, 0x40))))),
    context: anyScope,
  },
  {
    rule: 'e_crl_freshest_crl_points_have_names',
    fault: 'a point relative to the name of the issuer',
    edit: withCrlExtension(
      'freshestCrl',
      seq(seq(contextConstructed(0, contextConstructed(1, seq(oid('2.5.4.3'), tagged(0x0c, utf8('delta'))))))),
    ),
  },
  {
    rule: 'e_crl_idp_is_critical',
    fault: 'an issuingDistributionPoint that is not critical',
    edit: withCrlExtension('issuingDistributionPoint', seq(POINT)),
    context: anyScope,
  },
  {
    rule: 'e_crl_idp_is_not_empty',
    fault: 'an issuingDistributionPoint with nothing in it',
    edit: withCrlExtension('issuingDistributionPoint', seq(), true),
    context: anyScope,
  },
  {
    rule: 'e_crl_idp_names_one_kind_alone',
    fault: 'of users alone, and of authorities alone',
    edit: part(contextPrimitive(1, TRUE), contextPrimitive(2, TRUE)),
    context: anyScope,
  },
  {
    rule: 'e_crl_idp_is_not_of_attribute_certificates',
    fault: 'of attribute certificates alone',
    edit: part(contextPrimitive(5, TRUE)),
    context: anyScope,
  },
  {
    rule: 'e_cps_crl_is_direct_and_for_every_reason',
    fault: 'an indirect list',
    edit: part(contextPrimitive(4, TRUE)),
    context: anyScope,
  },
  {
    rule: 'e_cps_crl_is_direct_and_for_every_reason',
    fault: 'for compromised keys alone',
    edit: part(contextPrimitive(3, Uint8Array.of(6, 0x40))),
    context: anyScope,
  },
  ...['/relative', 'http:', 'sans espace', 'http://crl.example.fr/%zz'].map(
    (address): CrlFault => ({
      rule: 'e_crl_addresses_follow_uri_syntax',
      fault: `an issuingDistributionPoint at ${JSON.stringify(address)}`,
      edit: withCrlExtension('issuingDistributionPoint', seq(pointAt(address)), true),
      context: foreign,
    }),
  ),
  {
    rule: 'e_crl_addresses_follow_uri_syntax',
    fault: 'deltas at an address without a scheme',
    edit: withCrlExtension('freshestCrl', seq(seq(pointAt('//crl.example.fr/delta.crl')))),
    context: foreign,
  },
  {
    rule: 'e_crl_addresses_follow_uri_syntax',
    fault: 'certificates of the issuer at an address with a space',
    edit: withCrlExtension('authorityInfoAccess', seq(seq(oid(OID.accessCaIssuers), uri('http://example.fr/a b')))),
    context: foreign,
  },
  {
    rule: 'e_crl_aia_is_not_critical',
    fault: 'a critical authorityInfoAccess, by another issuer',
    edit: withCrlExtension('authorityInfoAccess', seq(seq(oid(OID.accessCaIssuers), ADDRESS)), true),
    context: foreign,
  },
  {
    rule: 'e_crl_aia_is_of_ca_issuers_alone',
    fault: 'a list that names an OCSP responder',
    edit: withCrlExtension('authorityInfoAccess', seq(seq(oid(OID.accessOcsp), ADDRESS))),
    context: foreign,
  },
  {
    rule: 'e_crl_expired_certs_is_not_critical',
    fault: 'a critical expiredCertsOnCRL, by another issuer',
    edit: withCrlExtension('expiredCertsOnCrl', generalizedTime(Date.UTC(2020, 0, 1)), true),
    context: foreign,
  },
  {
    rule: 'e_crl_expired_certs_since_before_this_update',
    fault: 'certificates that end from 2049 on stay on it',
    edit: withCrlExtension('expiredCertsOnCrl', generalizedTime(Date.UTC(2049, 0, 1))),
    context: foreign,
  },
  {
    rule: 'e_crl_remove_from_crl_in_delta_alone',
    fault: 'removeFromCRL in a full list',
    edit: onlyEntry(integer(5), reason(8)),
  },
  {
    rule: 'e_crl_certificate_issuer_in_indirect_alone',
    fault: 'certificateIssuer in a direct CRL of another issuer',
    edit: (parts) => onlyEntry(integer(5), extension('certificateIssuer', seq(directoryName(parts)), true))(parts),
    context: foreign,
  },
  {
    rule: 'e_cps_crl_extensions_are_ours',
    fault: 'an unknown extension',
    edit: withCrlExtension(STRANGE),
  },
  {
    rule: 'e_cps_crl_freshest_is_issuers',
    fault: 'an address of deltas where none are served',
    edit: withCrlExtension('freshestCrl', seq(seq(POINT))),
  },
  { rule: 'e_cps_crl_scope_is_served', fault: 'a delta where full lists are published', edit: DELTA },
  { rule: 'e_cps_crl_scope_is_served', fault: 'a part where full lists are published', edit: part() },
];
