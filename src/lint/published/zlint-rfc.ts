/** The lints of zlint for RFC 5280, 3279, 5480, 5891 and 8813, with our rules. */
import type { RuleName } from '../rule.js';

/** Lints of zlint for which the same is true. */
export type Lints = {
  readonly lints: readonly string[];
} & (
  | { readonly sameAs: readonly RuleName[] }
  | { readonly excludedBy: readonly RuleName[]; readonly why: string }
  | { readonly why: string }
);

export const RFC_LINTS: readonly Lints[] = [
  {
    lints: ['e_basic_constraints_not_critical'],
    sameAs: ['e_ca_basic_constraints_are_critical'],
  },
  {
    lints: ['e_ca_subject_field_empty', 'e_subject_empty_without_san'],
    sameAs: ['e_subject_is_not_empty'],
  },
  {
    lints: [
      'e_cert_contains_unique_identifier',
      'e_cert_extensions_version_not_3',
      'e_cert_unique_identifier_version_not_2_or_3',
      'e_ext_duplicate_extension',
      'e_generalized_time_does_not_include_seconds',
      'e_generalized_time_includes_fraction_seconds',
      'e_generalized_time_not_in_zulu',
      'e_subject_not_dn',
      'e_subject_printable_string_badalpha',
      'e_utc_time_does_not_include_seconds',
      'e_utc_time_not_in_zulu',
    ],
    sameAs: ['e_certificate_is_strict_der'],
  },
  {
    lints: ['e_distribution_point_incomplete'],
    sameAs: ['e_distribution_points_name_a_list'],
  },
  {
    lints: ['w_distribution_point_missing_ldap_or_uri'],
    sameAs: ['w_distribution_points_have_a_fetchable_address'],
  },
  {
    lints: [
      'e_rfc_dnsname_empty_label',
      'e_rfc_dnsname_hyphen_in_sld',
      'e_rfc_dnsname_label_too_long',
      'e_rfc_dnsname_underscore_in_sld',
      'w_rfc_dnsname_underscore_in_trd',
      'e_ext_san_dns_name_too_long',
      'e_ext_san_space_dns_name',
    ],
    sameAs: ['e_dns_names_have_preferred_syntax'],
  },
  {
    lints: ['w_eku_critical_improperly'],
    sameAs: ['w_extended_key_usage_of_any_is_not_critical'],
  },
  {
    lints: ['w_ext_aia_access_location_missing'],
    sameAs: ['w_ca_issuers_has_a_fetchable_address'],
  },
  {
    lints: ['e_ext_aia_marked_critical'],
    sameAs: ['e_authority_info_access_is_not_critical'],
  },
  {
    lints: ['e_ext_authority_key_identifier_critical'],
    sameAs: ['e_authority_key_identifier_is_not_critical'],
  },
  {
    lints: ['e_ext_authority_key_identifier_no_key_identifier'],
    sameAs: ['e_authority_key_identifier_has_key_id', 'e_version_is_v3'],
  },
  {
    lints: ['w_ext_cert_policy_contains_noticeref'],
    sameAs: ['w_user_notice_has_no_reference'],
  },
  {
    lints: ['e_ext_cert_policy_disallowed_any_policy_qualifier'],
    sameAs: ['e_qualifiers_of_any_policy_are_known'],
  },
  {
    lints: ['e_ext_cert_policy_duplicate'],
    sameAs: ['e_policies_are_not_repeated'],
  },
  {
    lints: ['e_ext_cert_policy_explicit_text_ia5_string', 'w_ext_cert_policy_explicit_text_not_utf8'],
    sameAs: ['w_explicit_text_is_utf8'],
  },
  {
    lints: ['w_ext_cert_policy_explicit_text_includes_control'],
    sameAs: ['w_explicit_text_has_no_control_characters'],
  },
  {
    lints: ['w_ext_cert_policy_explicit_text_not_nfc'],
    sameAs: ['w_explicit_text_is_in_normal_form'],
  },
  {
    lints: ['e_ext_cert_policy_explicit_text_too_long'],
    sameAs: ['e_explicit_text_within_200_characters'],
  },
  {
    lints: ['w_ext_crl_distribution_marked_critical'],
    sameAs: ['w_crl_distribution_points_are_not_critical'],
  },
  {
    lints: ['e_ext_freshest_crl_marked_critical'],
    sameAs: ['e_freshest_crl_is_not_critical'],
  },
  {
    lints: ['w_ext_ian_critical'],
    sameAs: ['w_issuer_alternative_name_is_not_critical'],
  },
  {
    lints: [
      'e_ext_ian_dns_not_ia5_string',
      'e_ext_ian_no_entries',
      'e_ext_ian_uri_not_ia5',
      'e_ext_key_usage_without_bits',
      'e_ext_san_dns_not_ia5_string',
      'e_ext_san_no_entries',
      'e_ext_san_uri_not_ia5',
      'e_incorrect_ku_encoding',
      'e_key_usage_incorrect_length',
      'e_path_len_constraint_zero_or_less',
      'e_superfluous_ku_encoding',
    ],
    sameAs: ['e_extension_values_are_well_formed'],
  },
  {
    lints: ['e_ext_ian_empty_name', 'e_ext_san_empty_name'],
    sameAs: ['e_alternative_names_are_not_empty'],
  },
  {
    lints: ['e_ext_ian_rfc822_format_invalid', 'e_ext_ian_space_dns_name'],
    excludedBy: ['e_cps_extensions_are_those_of_profile', 'e_cps_ca_extensions'],
    why: 'no certificate of the platform has alternative names of its issuer',
  },
  {
    lints: [
      'e_ext_ian_uri_format_invalid',
      'e_ext_ian_uri_relative',
      'e_ext_san_uri_format_invalid',
      'e_ext_san_uri_relative',
    ],
    sameAs: ['e_uri_names_are_absolute'],
  },
  {
    lints: ['e_ext_ian_uri_host_not_fqdn_or_ip', 'e_ext_san_uri_host_not_fqdn_or_ip'],
    sameAs: ['e_uri_names_have_a_full_host'],
  },
  {
    lints: ['e_ext_key_usage_cert_sign_without_ca'],
    sameAs: ['e_key_usage_has_no_authority_bits'],
  },
  {
    lints: ['w_ext_key_usage_not_critical'],
    sameAs: ['e_key_usage_is_critical'],
  },
  {
    lints: ['e_ext_name_constraints_not_critical'],
    sameAs: ['e_name_constraints_are_critical'],
  },
  {
    lints: ['e_ext_name_constraints_not_in_ca'],
    sameAs: ['e_name_constraints_are_of_authorities'],
  },
  {
    lints: ['e_ext_policy_constraints_empty'],
    sameAs: ['e_policy_constraints_are_not_empty'],
  },
  {
    lints: ['e_ext_policy_constraints_not_critical'],
    sameAs: ['e_policy_constraints_are_critical'],
  },
  {
    lints: ['e_ext_policy_map_any_policy'],
    sameAs: ['e_policy_mappings_leave_any_policy_alone'],
  },
  {
    lints: ['w_ext_policy_map_not_critical'],
    sameAs: ['w_policy_mappings_are_critical'],
  },
  {
    lints: ['w_ext_policy_map_not_in_cert_policy'],
    sameAs: ['w_policy_mappings_are_of_own_policies'],
  },
  {
    lints: ['e_ext_san_not_critical_without_subject'],
    sameAs: ['e_alternative_names_are_critical_without_subject'],
  },
  {
    lints: ['e_ext_san_rfc822_format_invalid'],
    sameAs: ['e_rfc822_names_are_mailboxes'],
  },
  {
    lints: ['e_ext_subject_directory_attr_critical'],
    sameAs: ['e_subject_directory_attributes_are_not_critical'],
  },
  {
    lints: ['e_ext_subject_key_identifier_critical'],
    sameAs: ['e_subject_key_identifier_is_not_critical'],
  },
  {
    lints: ['e_ext_subject_key_identifier_missing_ca'],
    sameAs: ['e_ca_subject_key_identifier_is_present'],
  },
  {
    lints: ['w_ext_subject_key_identifier_missing_sub_cert'],
    sameAs: ['w_subject_key_identifier_is_present', 'e_version_is_v3'],
  },
  {
    lints: ['e_international_dns_name_not_unicode'],
    sameAs: ['e_a_labels_are_punycode'],
  },
  {
    lints: ['e_inhibit_any_policy_not_critical'],
    sameAs: ['e_inhibit_any_policy_is_critical'],
  },
  {
    lints: ['e_issuer_dn_country_not_printable_string'],
    sameAs: ['e_issuer_country_name_is_printable'],
  },
  {
    lints: ['e_issuer_field_empty'],
    sameAs: ['e_issuer_is_not_empty'],
  },
  {
    lints: ['e_key_usage_and_extended_key_usage_inconsistent'],
    sameAs: ['e_key_usage_fits_extended_key_usage'],
  },
  {
    lints: ['e_name_constraint_empty'],
    sameAs: ['e_name_constraints_are_not_empty'],
  },
  {
    lints: ['e_name_constraint_maximum_not_absent', 'e_name_constraint_minimum_non_zero'],
    sameAs: ['e_name_constraints_have_no_distances'],
  },
  {
    lints: ['e_name_constraint_not_fqdn'],
    sameAs: ['e_name_constraints_of_uris_are_hosts'],
  },
  {
    lints: ['w_name_constraint_on_edi_party_name', 'w_name_constraint_on_registered_id', 'w_name_constraint_on_x400'],
    sameAs: ['w_name_constraints_are_of_common_forms'],
  },
  {
    lints: ['e_path_len_constraint_improperly_included'],
    sameAs: [
      'e_ca_path_length_goes_with_certificate_signing',
      'e_basic_constraints_name_no_authority',
      'e_ca_key_usage_is_present',
    ],
  },
  {
    lints: ['e_serial_number_longer_than_20_octets'],
    sameAs: ['e_serial_number_at_most_20_octets'],
  },
  {
    lints: ['e_serial_number_not_positive'],
    sameAs: ['e_serial_number_is_positive'],
  },
  {
    lints: ['e_spki_rsa_encryption_parameter_not_null'],
    sameAs: ['e_spki_is_of_a_known_form'],
  },
  {
    lints: [
      'e_subject_common_name_max_length',
      'e_subject_dn_serial_number_max_length',
      'e_subject_email_max_length',
      'e_subject_given_name_max_length',
      'e_subject_locality_name_max_length',
      'e_subject_organization_name_max_length',
      'e_subject_organizational_unit_name_max_length',
      'e_subject_postal_code_max_length',
      'e_subject_state_name_max_length',
      'e_subject_street_address_max_length',
      'e_subject_surname_max_length',
    ],
    sameAs: ['e_subject_within_upper_bounds'],
  },
  {
    lints: ['e_subject_dn_country_not_printable_string'],
    sameAs: ['e_country_name_is_two_letters'],
  },
  {
    lints: ['e_subject_dn_not_printable_characters'],
    sameAs: ['e_subject_has_no_invisible_characters'],
  },
  {
    lints: ['e_subject_dn_serial_number_not_printable_string'],
    sameAs: ['e_subject_values_have_their_string_type'],
  },
  {
    lints: ['w_subject_given_name_recommended_max_length', 'w_subject_surname_recommended_max_length'],
    sameAs: ['w_subject_names_within_64_characters'],
  },
  {
    lints: ['e_subject_info_access_marked_critical'],
    sameAs: ['e_subject_info_access_is_not_critical'],
  },
  {
    lints: ['e_cert_sig_alg_not_match_tbs_sig_alg'],
    sameAs: ['e_signature_algorithms_are_equal'],
  },
  {
    lints: ['e_tbs_signature_rsa_encryption_parameter_not_null'],
    sameAs: ['e_signature_algorithm_has_its_parameters'],
  },
  {
    lints: ['e_wrong_time_format_pre2050'],
    sameAs: ['e_validity_time_form'],
  },
  {
    lints: ['e_crl_has_next_update', 'e_crl_has_valid_reason_code'],
    why: 'about CRLs, not about certificates',
  },
  {
    lints: ['e_rsa_allowed_ku_ca'],
    sameAs: ['e_key_usage_of_rsa_key_has_no_agreement'],
  },
  {
    lints: ['e_rsa_allowed_ku_ee'],
    sameAs: ['e_key_usage_of_rsa_key_has_no_agreement', 'e_key_usage_has_no_authority_bits'],
  },
  {
    lints: ['e_rsa_allowed_ku_no_encipherment_ca'],
    sameAs: ['w_ca_key_usage_has_no_encipherment'],
  },
  {
    lints: ['n_ecdsa_ee_invalid_ku'],
    sameAs: [
      'e_key_usage_of_ec_key_has_no_encipherment',
      'e_key_usage_has_no_authority_bits',
      'e_encipher_and_decipher_only_go_with_agreement',
    ],
  },
  {
    lints: ['e_ecdsa_allowed_ku'],
    sameAs: ['e_key_usage_of_ec_key_has_no_encipherment'],
  },
  {
    lints: ['e_international_dns_name_not_nfc'],
    sameAs: ['e_a_labels_are_in_normal_form'],
  },
];
