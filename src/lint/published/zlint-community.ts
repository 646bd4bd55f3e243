/**
 * The lints of zlint for the community, ETSI, Mozilla, Apple and extended validation, with our
 * rules.
 */
import type { Lints } from './zlint-rfc.js';

export const COMMUNITY_LINTS: readonly Lints[] = [
  {
    lints: [
      'e_ian_bare_wildcard',
      'e_ian_dns_name_starts_with_period',
      'w_ian_iana_pub_suffix_empty',
      'e_ian_wildcard_not_first',
    ],
    excludedBy: ['e_cps_extensions_are_those_of_profile', 'e_cps_ca_extensions'],
    why: 'no certificate of the platform has alternative names of its issuer',
  },
  {
    lints: ['e_ian_dns_name_includes_null_char', 'e_san_dns_name_includes_null_char'],
    sameAs: ['e_extension_values_are_well_formed'],
  },
  {
    lints: ['n_contains_redacted_dnsname'],
    excludedBy: ['e_dns_names_have_preferred_syntax'],
    why: 'a question mark is in no host name',
  },
  {
    lints: ['w_issuer_dn_leading_whitespace', 'w_issuer_dn_trailing_whitespace'],
    excludedBy: ['e_issuer_is_subject_of_issuer', 'e_cps_subject_values_have_no_extra_spaces'],
    why: 'the issuer is the subject of a CA, for which the rule was checked',
  },
  {
    lints: ['w_multiple_issuer_rdn'],
    excludedBy: ['e_cps_ca_name_is_authoritys', 'e_issuer_is_subject_of_issuer'],
    why: 'names of CAs have one attribute per RDN',
  },
  {
    lints: ['e_rsa_exp_negative', 'e_mp_exponent_cannot_be_one'],
    sameAs: ['e_rsa_exponent_is_odd_and_above_65536'],
  },
  {
    lints: ['e_rsa_fermat_factorization'],
    sameAs: ['e_rsa_factors_are_apart'],
  },
  {
    lints: ['e_rsa_no_public_key', 'e_prohibit_dsa_usage', 'e_mp_rsassa-pss_in_spki'],
    sameAs: ['e_spki_is_of_a_known_form'],
  },
  {
    lints: ['e_san_bare_wildcard', 'e_san_dns_name_starts_with_period', 'e_san_wildcard_not_first'],
    sameAs: ['e_dns_names_have_preferred_syntax'],
  },
  {
    lints: ['n_san_dns_name_duplicate'],
    sameAs: ['e_alternative_names_are_not_repeated'],
  },
  {
    lints: ['n_san_iana_pub_suffix_empty'],
    why: 'which suffixes are public changes from week to week: hosts and domains are those of the account (access)',
  },
  {
    lints: ['w_subject_dn_leading_whitespace', 'w_subject_dn_trailing_whitespace'],
    excludedBy: ['e_cps_subject_values_have_no_extra_spaces'],
    why: 'checked for certificates of the platform only: spaces elsewhere are allowed',
  },
  {
    lints: ['n_multiple_subject_rdn'],
    why: 'natural persons of the sector are named in one RDN of given name, surname and common name (profiles)',
  },
  {
    lints: ['e_validity_time_not_positive'],
    sameAs: ['e_validity_ends_after_it_begins'],
  },
  {
    lints: [
      'e_qcstatem_etsi_present_qcs_critical',
      'e_qcstatem_etsi_type_as_statem',
      'e_qcstatem_mandatory_etsi_statems',
      'e_qcstatem_qccompliance_valid',
      'e_qcstatem_qclimitvalue_valid',
      'w_qcstatem_qcpds_lang_case',
      'e_qcstatem_qcpds_valid',
      'e_qcstatem_qcretentionperiod_valid',
      'e_qcstatem_qcsscd_valid',
      'e_qcstatem_qctype_valid',
      'w_qcstatem_qctype_web',
    ],
    excludedBy: ['e_cps_extensions_are_those_of_profile', 'e_cps_ca_extensions'],
    why: 'no certificate of the platform has QCStatements: none is qualified',
  },
  {
    lints: ['n_mp_allowed_eku'],
    why: 'CAs of the sector have no extended key usage (e_cps_ca_extensions), as in the field',
  },
  {
    lints: ['e_mp_authority_key_identifier_correct'],
    excludedBy: ['e_cps_authority_key_identifier_is_key_id_alone'],
    why: 'checked for certificates of the platform only',
  },
  {
    lints: ['e_mp_ecdsa_pub_key_encoding_correct'],
    excludedBy: ['e_spki_is_of_a_known_form', 'e_cps_key_type_is_allowed'],
    why: 'keys on P-521 and brainpool are certified too, if the profile allows them',
  },
  {
    lints: ['e_mp_ecdsa_signature_encoding_correct'],
    sameAs: ['e_signature_algorithm_has_its_parameters'],
  },
  {
    lints: ['e_mp_modulus_must_be_2048_bits_or_more'],
    sameAs: ['e_rsa_modulus_has_2048_bits'],
  },
  {
    lints: ['e_mp_modulus_must_be_divisible_by_8'],
    sameAs: ['e_rsa_modulus_is_whole_octets'],
  },
  {
    lints: ['e_mp_rsassa-pss_parameters_encoding_in_signature_algorithm_correct'],
    excludedBy: ['e_signature_algorithm_fits_issuer_key'],
    why: 'no CA of the platform signs with RSASSA-PSS',
  },
  {
    lints: ['w_ct_sct_policy_count_unsatisfied'],
    why: 'certificates of the sector are in no public log: they contain names of persons',
  },
  {
    lints: ['e_tls_server_cert_valid_time_longer_than_398_days', 'w_tls_server_cert_valid_time_longer_than_397_days'],
    excludedBy: ['e_cps_validity_within_profile'],
    why: 'servers of the sector are trusted by its own relying parties, for as long as the profile says',
  },
  {
    lints: [
      'e_ev_business_category_missing',
      'e_ev_country_name_missing',
      'e_ev_not_wildcard',
      'e_ev_organization_id_missing',
      'e_ev_organization_name_missing',
      'e_ev_san_ip_address_present',
      'e_ev_serial_number_missing',
      'e_ev_valid_time_too_long',
      'e_onion_subject_validity_time_too_large',
    ],
    excludedBy: ['e_cps_policy_is_environments'],
    why: 'no certificate asserts the policy of extended validation',
  },
];
