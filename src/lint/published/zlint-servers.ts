/** The lints of zlint for the CA/Browser Forum's server certificates, with our rules. */
import type { Lints } from './zlint-rfc.js';

export const SERVERS_LINTS: readonly Lints[] = [
  {
    lints: ['e_ca_common_name_missing', 'e_ca_country_name_missing', 'e_ca_organization_name_missing'],
    sameAs: ['e_ca_subject_has_country_organisation_and_name'],
  },
  {
    lints: ['e_ca_country_name_invalid', 'e_subject_country_not_iso'],
    sameAs: ['e_country_name_is_two_letters'],
  },
  {
    lints: ['e_ca_crl_sign_not_set'],
    sameAs: ['e_ca_key_usage_has_list_signing'],
  },
  {
    lints: ['n_ca_digital_signature_not_set'],
    excludedBy: ['e_cps_ca_key_usage'],
    why: 'a CA signs no OCSP responses, its responder does',
  },
  {
    lints: ['e_ca_is_ca', 'e_sub_cert_key_usage_cert_sign_bit_set', 'e_sub_cert_key_usage_crl_sign_bit_set'],
    sameAs: ['e_key_usage_has_no_authority_bits'],
  },
  {
    lints: ['e_ca_key_cert_sign_not_set'],
    sameAs: ['e_ca_key_usage_has_certificate_signing', 'e_ca_path_length_goes_with_certificate_signing'],
  },
  {
    lints: ['e_ca_key_usage_missing', 'e_root_ca_key_usage_present'],
    sameAs: ['e_ca_key_usage_is_present'],
  },
  {
    lints: ['e_ca_key_usage_not_critical', 'e_root_ca_key_usage_must_be_critical'],
    sameAs: ['e_key_usage_is_critical'],
  },
  {
    lints: [
      'e_cab_dv_conflicts_with_locality',
      'e_cab_dv_conflicts_with_org',
      'e_cab_dv_conflicts_with_postal',
      'e_cab_dv_conflicts_with_province',
      'e_cab_dv_conflicts_with_street',
      'e_cab_dv_subject_invalid_values',
      'e_cab_iv_requires_personal_name',
      'e_cab_ov_requires_org',
      'e_cert_policy_iv_requires_country',
      'e_cert_policy_iv_requires_province_or_locality',
      'e_cert_policy_ov_requires_country',
      'e_cert_policy_ov_requires_province_or_locality',
    ],
    excludedBy: ['e_cps_policy_is_environments'],
    why: 'no certificate asserts a policy of the CA/Browser Forum',
  },
  {
    lints: ['e_crlissuer_must_not_be_present_in_cdp'],
    excludedBy: ['e_cps_distribution_points_are_whole_and_direct'],
    why: 'checked for certificates of the platform only: RFC 5280 allows indirect CRLs',
  },
  {
    lints: [
      'e_dsa_params_missing',
      'e_dsa_correct_order_in_subgroup',
      'e_dsa_improper_modulus_or_divisor_size',
      'e_dsa_shorter_than_2048_bits',
      'e_dsa_unique_correct_representation',
    ],
    excludedBy: ['e_spki_is_of_a_known_form'],
    why: 'no DSA key is certified',
  },
  {
    lints: ['e_dnsname_bad_character_in_label'],
    excludedBy: ['e_dns_names_have_preferred_syntax', 'e_dns_names_begin_with_common_name'],
    why: 'zlint expects a host in every common name; ours are numbers with a slash',
  },
  {
    lints: [
      'e_dnsname_left_label_wildcard_correct',
      'e_dnsname_empty_label',
      'e_dnsname_contains_prohibited_reserved_label',
      'e_dnsname_hyphen_in_sld',
      'e_dnsname_label_too_long',
      'e_dnsname_underscore_in_sld',
      'w_dnsname_underscore_in_trd',
      'e_dnsname_wildcard_only_in_left_label',
      'e_no_underscores_before_1_6_2',
      'e_underscore_not_permissible_in_dnsname',
      'e_underscore_permissible_in_dnsname_if_valid_when_replaced',
      'e_underscore_present_with_too_long_validity',
    ],
    sameAs: ['e_dns_names_have_preferred_syntax'],
  },
  {
    lints: [
      'e_dnsname_contains_bare_iana_suffix',
      'e_dnsname_not_valid_tld',
      'n_dnsname_wildcard_left_of_public_suffix',
    ],
    why: 'which suffixes are public changes from week to week: hosts and domains are those of the account (access)',
  },
  {
    lints: ['e_sub_ca_aia_missing', 'w_sub_ca_aia_does_not_contain_issuing_ca_url', 'w_sub_ca_aia_missing'],
    excludedBy: ['e_cps_ca_extensions'],
    why: 'CAs of the sector have no authorityInfoAccess, as in the field',
  },
  {
    lints: ['e_ec_improper_curves'],
    excludedBy: ['e_cps_key_type_is_allowed'],
    why: 'keys on brainpool are certified too, if the profile allows them',
  },
  {
    lints: ['e_eku_critical', 'w_sub_cert_certificate_policies_marked_critical'],
    excludedBy: ['e_cps_key_usage_alone_is_critical'],
    why: 'checked for certificates of the platform only: RFC 5280 leaves it to the CA',
  },
  {
    lints: ['e_ext_nc_intersects_reserved_ip'],
    excludedBy: ['e_cps_ca_extensions'],
    why: 'CAs of the sector have no name constraints',
  },
  {
    lints: ['e_ext_san_contains_reserved_ip', 'e_subject_contains_reserved_ip'],
    excludedBy: ['e_cps_ip_addresses_are_allowed'],
    why: 'addresses are those that the environment lists, reserved ones for development',
  },
  {
    lints: ['w_ext_san_critical_with_subject_dn'],
    sameAs: ['w_alternative_names_are_not_critical_beside_subject'],
  },
  {
    lints: [
      'e_ext_san_directory_name_present',
      'e_ext_san_edi_party_name_present',
      'e_ext_san_missing',
      'e_ext_san_other_name_present',
      'e_ext_san_registered_id_present',
      'e_ext_san_rfc822_name_present',
      'e_ext_san_uniform_resource_identifier_present',
    ],
    excludedBy: ['e_cps_alternative_names_are_of_profile', 'e_cps_extensions_are_those_of_profile'],
    why: 'the profile says which names a certificate has: principal names for cards, addresses for mail',
  },
  {
    lints: ['w_ext_subject_key_identifier_not_recommended_subscriber'],
    why: 'RFC 5280 4.2.1.2 recommends it, EN 319 412-2 and the field have it',
  },
  {
    lints: [
      'e_ext_tor_service_descriptor_hash_invalid',
      'e_san_dns_name_onion_invalid',
      'e_san_dns_name_onion_not_ev_cert',
    ],
    excludedBy: ['e_cps_extensions_are_those_of_profile'],
    why: 'names of hidden services are in no domain of an account',
  },
  {
    lints: ['w_extra_subject_common_names'],
    excludedBy: ['e_cps_subject_has_shape_of_profile'],
    why: 'the subject has the shape of its profile, with one common name',
  },
  {
    lints: ['e_invalid_certificate_version'],
    sameAs: ['e_version_is_v3'],
  },
  {
    lints: [
      'e_invalid_subject_rdn_order',
      'e_subject_contains_noninformational_value',
      'e_subject_contains_organizational_unit_name_and_no_organization_name',
    ],
    excludedBy: ['e_cps_subject_has_shape_of_profile', 'e_subject_values_are_not_empty'],
    why: 'order and presence of attributes are those of the profile',
  },
  {
    lints: ['e_ocsp_id_pkix_ocsp_nocheck_ext_not_included_server_auth'],
    sameAs: ['e_ocsp_responder_has_nocheck'],
  },
  {
    lints: [
      'e_old_root_ca_rsa_mod_less_than_2048_bits',
      'e_old_sub_ca_rsa_mod_less_than_1024_bits',
      'e_old_sub_cert_rsa_mod_less_than_1024_bits',
      'e_rsa_mod_less_than_2048_bits',
    ],
    sameAs: ['e_rsa_modulus_has_2048_bits'],
  },
  {
    lints: ['e_organizational_unit_name_prohibited'],
    why: 'the organizational unit is the number of the structure: the sector finds it there',
  },
  {
    lints: ['e_policy_qualifiers_other_than_cps_not_permitted'],
    excludedBy: ['e_cps_policy_points_to_practice_statement'],
    why: 'checked for certificates of the platform only',
  },
  {
    lints: ['e_br_prohibit_dsa_usage'],
    sameAs: ['e_spki_is_of_a_known_form'],
  },
  {
    lints: ['e_public_key_type_not_allowed', 'e_algorithm_identifier_improper_encoding'],
    excludedBy: ['e_spki_is_of_a_known_form', 'e_cps_key_type_is_allowed'],
    why: 'Ed25519 and brainpool are certified too, if the profile allows them',
  },
  {
    lints: ['w_root_ca_basic_constraints_path_len_constraint_field_present'],
    excludedBy: ['e_cps_ca_path_length'],
    why: 'checked for roots of the platform only',
  },
  {
    lints: ['w_root_ca_contains_cert_policy'],
    why: 'roots of the sector assert anyPolicy, as in the field',
  },
  {
    lints: ['e_root_ca_extended_key_usage_present'],
    excludedBy: ['e_cps_ca_extensions'],
    why: 'CAs have no extended key usage',
  },
  {
    lints: ['w_rsa_mod_factors_smaller_than_752'],
    sameAs: ['e_rsa_modulus_has_no_small_factor'],
  },
  {
    lints: ['w_rsa_mod_not_odd'],
    sameAs: ['e_rsa_modulus_is_odd_and_positive'],
  },
  {
    lints: ['w_rsa_public_exponent_not_in_range'],
    sameAs: ['e_rsa_exponent_is_odd_and_above_65536', 'e_rsa_exponent_within_256_bits'],
  },
  {
    lints: ['e_rsa_public_exponent_not_odd', 'e_rsa_public_exponent_too_small'],
    sameAs: ['e_rsa_exponent_is_odd_and_above_65536'],
  },
  {
    lints: ['e_signature_algorithm_not_supported'],
    excludedBy: ['e_signature_algorithm_fits_issuer_key', 'e_signature_hash_resists_collisions'],
    why: 'a CA signs with the algorithm of its key',
  },
  {
    lints: ['e_sub_ca_aia_marked_critical', 'e_sub_cert_aia_marked_critical'],
    sameAs: ['e_authority_info_access_is_not_critical'],
  },
  {
    lints: ['w_sub_ca_certificate_policies_marked_critical', 'w_sub_ca_eku_critical'],
    excludedBy: ['e_cps_ca_constraints_and_usage_alone_are_critical'],
    why: 'checked for CAs of the platform only: RFC 5280 leaves it to the CA',
  },
  {
    lints: ['e_sub_ca_certificate_policies_missing'],
    excludedBy: ['e_cps_ca_policy_is_any_policy'],
    why: 'CAs of the sector assert anyPolicy',
  },
  {
    lints: ['e_sub_ca_crl_distribution_points_does_not_contain_url', 'e_sub_ca_crl_distribution_points_missing'],
    excludedBy: ['e_cps_ca_crl_distribution_point_is_roots', 'e_cps_ca_extensions'],
    why: 'the CRL of a CA is that of its root',
  },
  {
    lints: ['e_sub_ca_crl_distribution_points_marked_critical', 'e_sub_cert_crl_distribution_points_marked_critical'],
    sameAs: ['w_crl_distribution_points_are_not_critical'],
  },
  {
    lints: ['n_sub_ca_eku_missing', 'n_sub_ca_eku_not_technically_constrained'],
    excludedBy: ['e_cps_ca_extensions'],
    why: 'CAs of the sector have no extended key usage, as in the field',
  },
  {
    lints: ['w_sub_ca_name_constraints_not_critical'],
    sameAs: ['e_name_constraints_are_critical'],
  },
  {
    lints: [
      'w_sub_cert_aia_contains_internal_names',
      'w_sub_cert_aia_does_not_contain_issuing_ca_url',
      'e_sub_cert_aia_missing',
    ],
    excludedBy: ['e_cps_aia_names_issuer', 'e_addresses_are_served', 'e_cps_extensions_are_those_of_profile'],
    why: 'the addresses are those of the environment, of one machine in development',
  },
  {
    lints: ['e_sub_cert_aia_does_not_contain_ocsp_url'],
    excludedBy: ['e_cps_aia_names_ocsp_responder', 'e_cps_extensions_are_those_of_profile'],
    why: 'the responder is that of the environment',
  },
  {
    lints: ['e_sub_cert_basic_constraints_not_critical'],
    why: 'RFC 5280 4.2.1.9 lets it be non-critical in end-entity certificates, as in the sector',
  },
  {
    lints: ['e_sub_cert_cert_policy_empty', 'e_sub_cert_certificate_policies_missing'],
    excludedBy: ['e_cps_policy_is_environments', 'e_cps_extensions_are_those_of_profile'],
    why: 'every certificate asserts the policy of its environment',
  },
  {
    lints: [
      'e_sub_cert_country_name_must_appear',
      'e_sub_cert_given_name_surname_contains_correct_policy',
      'e_sub_cert_locality_name_must_appear',
      'e_sub_cert_locality_name_must_not_appear',
      'e_sub_cert_postal_code_must_not_appear',
      'e_sub_cert_province_must_appear',
      'e_sub_cert_province_must_not_appear',
      'e_sub_cert_street_address_should_not_exist',
    ],
    excludedBy: ['e_cps_subject_has_shape_of_profile'],
    why: 'the profile says which attributes the subject has',
  },
  {
    lints: ['e_sub_cert_crl_distribution_points_does_not_contain_url'],
    excludedBy: ['e_cps_crl_distribution_points_are_issuers', 'e_cps_extensions_are_those_of_profile'],
    why: 'the CRL is that of the issuer',
  },
  {
    lints: ['w_sub_cert_eku_extra_values', 'e_sub_cert_eku_missing', 'e_sub_cert_eku_server_auth_client_auth_missing'],
    excludedBy: ['e_cps_extended_key_usage_is_that_of_profile', 'e_cps_extensions_are_those_of_profile'],
    why: 'the purposes are those of the profile',
  },
  {
    lints: ['e_sub_cert_not_is_ca'],
    excludedBy: ['e_basic_constraints_name_no_authority'],
    why: 'zlint recognises CAs by their purposes, we by the cA flag; it is checked for our own end entities',
  },
  {
    lints: ['e_sub_cert_or_sub_ca_using_sha1', 'w_sub_cert_sha1_expiration_too_long'],
    sameAs: ['e_signature_hash_resists_collisions'],
  },
  {
    lints: ['e_sub_cert_valid_time_longer_than_39_months', 'e_sub_cert_valid_time_longer_than_825_days'],
    excludedBy: ['e_cps_validity_within_profile'],
    why: 'servers of the sector are trusted by its own relying parties, for as long as the profile says',
  },
  {
    lints: ['n_subject_common_name_included', 'w_subject_common_name_included'],
    why: 'the common name holds the identifier by which the sector knows the holder',
  },
  {
    lints: ['e_subject_common_name_not_exactly_from_san', 'e_subject_common_name_not_from_san'],
    excludedBy: ['e_dns_names_begin_with_common_name'],
    why: 'for servers the common name is the first host; for all others it is not a host',
  },
  {
    lints: ['w_subject_contains_malformed_arpa_ip', 'e_subject_contains_reserved_arpa_ip'],
    why: 'hosts and domains are those of the account (access); none has one under arpa',
  },
  {
    lints: ['e_cab_crl_reason_code_not_critical', 'e_cab_crl_has_valid_reason_code'],
    why: 'about CRLs, not about certificates',
  },
];
