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
import { faultsOf } from '../../support/lint/fault-table.js';

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
  ...faultsOf<CrlFault>({
    e_crl_extensions_present: { 'no extensions': (parts) => ({ ...parts, extensions: null }) },
    e_crl_extension_values_are_well_formed: {
      'a BOOLEAN of 01 in issuingDistributionPoint': {
        edit: withCrlExtension('issuingDistributionPoint', seq(POINT, contextPrimitive(1, Uint8Array.of(1))), true),
        context: anyScope,
      },
      'octets after the number': withCrlExtension('crlNumber', concat([integer(7), nullValue()])),
    },
    e_crl_no_unknown_critical_extension: {
      'an unknown critical extension': withCrlExtension({ ...STRANGE, critical: true }),
    },
    e_crl_aki_present: { 'no authorityKeyIdentifier': withoutCrlExtension('authorityKeyIdentifier') },
    e_crl_aki_has_key_identifier: {
      'an authorityKeyIdentifier with nothing in it': withCrlExtension('authorityKeyIdentifier', seq()),
    },
    e_crl_aki_matches_issuer: {
      'the identifier of another key': withCrlExtension(
        'authorityKeyIdentifier',
        seq(contextPrimitive(0, new Uint8Array(20).fill(0x5a))),
      ),
    },
    e_crl_aki_is_not_critical: { 'a critical authorityKeyIdentifier': criticalCrlExtension('authorityKeyIdentifier') },
    e_cps_crl_aki_is_key_id_alone: {
      'issuer and serial number with the key identifier': (parts) => {
        const aki = present(
          parts.extensions?.find(({ oid: id }) => id === OID.authorityKeyIdentifier),
          'AKI',
        );
        const more = [contextConstructed(1, directoryName(parts)), contextPrimitive(2, Uint8Array.of(5))];
        return withCrlExtension('authorityKeyIdentifier', seq(aki.value.slice(2), ...more))(parts);
      },
    },
    e_crl_issuer_alt_name_is_not_critical: {
      'a critical issuerAltName, by another issuer': {
        edit: withCrlExtension('issuerAltName', seq(ADDRESS), true),
        context: foreign,
      },
    },
    e_crl_number_present: { 'no number': withoutCrlExtension('crlNumber') },
    e_crl_number_is_not_critical: { 'a critical number': criticalCrlExtension('crlNumber') },
    e_crl_number_is_not_negative: { 'number -1': withCrlExtension('crlNumber', hex('0201ff')) },
    e_crl_number_at_most_20_octets: {
      'a number of 21 octets': withCrlExtension('crlNumber', tagged(0x02, new Uint8Array(21).fill(0x11))),
    },
    e_cps_crl_number_counts_from_1: {
      'number 0': withCrlExtension('crlNumber', integer(0)),
      'number 2^53': withCrlExtension('crlNumber', tagged(0x02, hex('20000000000000'))),
    },
    e_crl_delta_indicator_is_critical: {
      'a deltaCRLIndicator that is not critical': {
        edit: withCrlExtension('deltaCrlIndicator', integer(1)),
        context: anyScope,
      },
    },
    e_crl_base_number_is_below_number: {
      'a delta to itself': {
        edit: inTurn(
          withCrlExtension('crlNumber', integer(9)),
          withCrlExtension('deltaCrlIndicator', integer(9), true),
        ),
        context: anyScope,
      },
    },
    e_crl_base_number_is_not_negative: {
      'a delta to number -1': { edit: withCrlExtension('deltaCrlIndicator', hex('0201ff'), true), context: anyScope },
    },
    e_crl_delta_has_no_freshest_crl: {
      'a delta that names its own address of deltas': {
        edit: inTurn(DELTA, withCrlExtension('freshestCrl', seq(seq(POINT)))),
        context: anyScope,
      },
    },
    e_crl_freshest_crl_is_not_critical: {
      'a critical freshestCRL': { edit: withCrlExtension('freshestCrl', seq(seq(POINT)), true), context: anyScope },
    },
    e_crl_freshest_crl_has_points_alone: {
      'reasons in freshestCRL': {
        edit: withCrlExtension('freshestCrl', seq(seq(POINT, contextPrimitive(1, Uint8Array.of(6, 0x40))))),
        context: anyScope,
      },
    },
    e_crl_freshest_crl_points_have_names: {
      'a point relative to the name of the issuer': withCrlExtension(
        'freshestCrl',
        seq(seq(contextConstructed(0, contextConstructed(1, seq(oid('2.5.4.3'), tagged(0x0c, utf8('delta'))))))),
      ),
    },
    e_crl_idp_is_critical: {
      'an issuingDistributionPoint that is not critical': {
        edit: withCrlExtension('issuingDistributionPoint', seq(POINT)),
        context: anyScope,
      },
    },
    e_crl_idp_is_not_empty: {
      'an issuingDistributionPoint with nothing in it': {
        edit: withCrlExtension('issuingDistributionPoint', seq(), true),
        context: anyScope,
      },
    },
    e_crl_idp_names_one_kind_alone: {
      'of users alone, and of authorities alone': {
        edit: part(contextPrimitive(1, TRUE), contextPrimitive(2, TRUE)),
        context: anyScope,
      },
    },
    e_crl_idp_is_not_of_attribute_certificates: {
      'of attribute certificates alone': { edit: part(contextPrimitive(5, TRUE)), context: anyScope },
    },
    e_cps_crl_is_direct_and_for_every_reason: {
      'an indirect list': { edit: part(contextPrimitive(4, TRUE)), context: anyScope },
      'for compromised keys alone': { edit: part(contextPrimitive(3, Uint8Array.of(6, 0x40))), context: anyScope },
    },
    e_crl_addresses_follow_uri_syntax: {
      'deltas at an address without a scheme': {
        edit: withCrlExtension('freshestCrl', seq(seq(pointAt('//crl.example.fr/delta.crl')))),
        context: foreign,
      },
      'certificates of the issuer at an address with a space': {
        edit: withCrlExtension('authorityInfoAccess', seq(seq(oid(OID.accessCaIssuers), uri('http://example.fr/a b')))),
        context: foreign,
      },
    },
    e_crl_aia_is_not_critical: {
      'a critical authorityInfoAccess, by another issuer': {
        edit: withCrlExtension('authorityInfoAccess', seq(seq(oid(OID.accessCaIssuers), ADDRESS)), true),
        context: foreign,
      },
    },
    e_crl_aia_is_of_ca_issuers_alone: {
      'a list that names an OCSP responder': {
        edit: withCrlExtension('authorityInfoAccess', seq(seq(oid(OID.accessOcsp), ADDRESS))),
        context: foreign,
      },
    },
    e_crl_expired_certs_is_not_critical: {
      'a critical expiredCertsOnCRL, by another issuer': {
        edit: withCrlExtension('expiredCertsOnCrl', generalizedTime(Date.UTC(2020, 0, 1)), true),
        context: foreign,
      },
    },
    e_crl_expired_certs_since_before_this_update: {
      'certificates that end from 2049 on stay on it': {
        edit: withCrlExtension('expiredCertsOnCrl', generalizedTime(Date.UTC(2049, 0, 1))),
        context: foreign,
      },
    },
    e_crl_remove_from_crl_in_delta_alone: { 'removeFromCRL in a full list': onlyEntry(integer(5), reason(8)) },
    e_crl_certificate_issuer_in_indirect_alone: {
      'certificateIssuer in a direct CRL of another issuer': {
        edit: (parts) => onlyEntry(integer(5), extension('certificateIssuer', seq(directoryName(parts)), true))(parts),
        context: foreign,
      },
    },
    e_cps_crl_extensions_are_ours: { 'an unknown extension': withCrlExtension(STRANGE) },
    e_cps_crl_freshest_is_issuers: {
      'an address of deltas where none are served': withCrlExtension('freshestCrl', seq(seq(POINT))),
    },
    e_cps_crl_scope_is_served: {
      'a delta where full lists are published': DELTA,
      'a part where full lists are published': part(),
    },
  }),
  ...['/relative', 'http:', 'sans espace', 'http://crl.example.fr/%zz'].map(
    (address): CrlFault => ({
      rule: 'e_crl_addresses_follow_uri_syntax',
      fault: `an issuingDistributionPoint at ${JSON.stringify(address)}`,
      edit: withCrlExtension('issuingDistributionPoint', seq(pointAt(address)), true),
      context: foreign,
    }),
  ),
];
