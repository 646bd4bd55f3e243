/** The rules of public standards for certificates. A rule that is in no list is not checked. */
import type { AnySubject, IssuedSubject, Rule } from '../../rule.js';
import { e_a_labels_are_in_normal_form } from '../rules/e_a_labels_are_in_normal_form.js';
import { e_a_labels_are_punycode } from '../rules/e_a_labels_are_punycode.js';
import { e_addresses_follow_uri_syntax } from '../rules/e_addresses_follow_uri_syntax.js';
import { e_alternative_names_are_critical_without_subject } from '../rules/e_alternative_names_are_critical_without_subject.js';
import { e_alternative_names_are_not_empty } from '../rules/e_alternative_names_are_not_empty.js';
import { e_alternative_names_are_not_repeated } from '../rules/e_alternative_names_are_not_repeated.js';
import { e_authority_info_access_is_not_critical } from '../rules/e_authority_info_access_is_not_critical.js';
import { e_authority_key_identifier_has_key_id } from '../rules/e_authority_key_identifier_has_key_id.js';
import { e_authority_key_identifier_is_issuers } from '../rules/e_authority_key_identifier_is_issuers.js';
import { e_authority_key_identifier_is_not_critical } from '../rules/e_authority_key_identifier_is_not_critical.js';
import { e_authority_key_identifier_pairs_issuer_and_serial } from '../rules/e_authority_key_identifier_pairs_issuer_and_serial.js';
import { e_basic_constraints_name_no_authority } from '../rules/e_basic_constraints_name_no_authority.js';
import { e_ca_basic_constraints_are_critical } from '../rules/e_ca_basic_constraints_are_critical.js';
import { e_ca_basic_constraints_name_an_authority } from '../rules/e_ca_basic_constraints_name_an_authority.js';
import { e_ca_key_usage_has_certificate_signing } from '../rules/e_ca_key_usage_has_certificate_signing.js';
import { e_ca_key_usage_has_list_signing } from '../rules/e_ca_key_usage_has_list_signing.js';
import { e_ca_key_usage_is_present } from '../rules/e_ca_key_usage_is_present.js';
import { e_ca_path_length_goes_with_certificate_signing } from '../rules/e_ca_path_length_goes_with_certificate_signing.js';
import { e_ca_subject_has_country_organisation_and_name } from '../rules/e_ca_subject_has_country_organisation_and_name.js';
import { e_ca_subject_key_identifier_is_present } from '../rules/e_ca_subject_key_identifier_is_present.js';
import { e_country_name_is_two_letters } from '../rules/e_country_name_is_two_letters.js';
import { e_distribution_points_cover_all_reasons } from '../rules/e_distribution_points_cover_all_reasons.js';
import { e_distribution_points_name_a_list } from '../rules/e_distribution_points_name_a_list.js';
import { e_dns_names_have_preferred_syntax } from '../rules/e_dns_names_have_preferred_syntax.js';
import { e_ec_point_is_on_its_curve } from '../rules/e_ec_point_is_on_its_curve.js';
import { e_ec_point_is_uncompressed } from '../rules/e_ec_point_is_uncompressed.js';
import { e_ed25519_key_is_a_point } from '../rules/e_ed25519_key_is_a_point.js';
import { e_encipher_and_decipher_only_exclude_each_other } from '../rules/e_encipher_and_decipher_only_exclude_each_other.js';
import { e_encipher_and_decipher_only_go_with_agreement } from '../rules/e_encipher_and_decipher_only_go_with_agreement.js';
import { e_explicit_text_within_200_characters } from '../rules/e_explicit_text_within_200_characters.js';
import { e_extended_key_usages_are_not_repeated } from '../rules/e_extended_key_usages_are_not_repeated.js';
import { e_extension_values_are_well_formed } from '../rules/e_extension_values_are_well_formed.js';
import { e_freshest_crl_is_not_critical } from '../rules/e_freshest_crl_is_not_critical.js';
import { e_inhibit_any_policy_is_critical } from '../rules/e_inhibit_any_policy_is_critical.js';
import { e_issuer_country_name_is_printable } from '../rules/e_issuer_country_name_is_printable.js';
import { e_issuer_is_not_empty } from '../rules/e_issuer_is_not_empty.js';
import { e_issuer_is_subject_of_issuer } from '../rules/e_issuer_is_subject_of_issuer.js';
import { e_key_is_not_the_issuers } from '../rules/e_key_is_not_the_issuers.js';
import { e_key_usage_fits_extended_key_usage } from '../rules/e_key_usage_fits_extended_key_usage.js';
import { e_key_usage_has_no_authority_bits } from '../rules/e_key_usage_has_no_authority_bits.js';
import { e_key_usage_is_critical } from '../rules/e_key_usage_is_critical.js';
import { e_key_usage_of_ec_key_has_no_encipherment } from '../rules/e_key_usage_of_ec_key_has_no_encipherment.js';
import { e_key_usage_of_ed25519_key_signs_alone } from '../rules/e_key_usage_of_ed25519_key_signs_alone.js';
import { e_key_usage_of_rsa_key_has_no_agreement } from '../rules/e_key_usage_of_rsa_key_has_no_agreement.js';
import { e_mail_addresses_of_subject_are_alternative_names } from '../rules/e_mail_addresses_of_subject_are_alternative_names.js';
import { e_name_constraints_are_critical } from '../rules/e_name_constraints_are_critical.js';
import { e_name_constraints_are_not_empty } from '../rules/e_name_constraints_are_not_empty.js';
import { e_name_constraints_are_of_authorities } from '../rules/e_name_constraints_are_of_authorities.js';
import { e_name_constraints_have_no_distances } from '../rules/e_name_constraints_have_no_distances.js';
import { e_name_constraints_of_addresses_have_a_mask } from '../rules/e_name_constraints_of_addresses_have_a_mask.js';
import { e_name_constraints_of_hosts_have_no_leading_period } from '../rules/e_name_constraints_of_hosts_have_no_leading_period.js';
import { e_name_constraints_of_uris_are_hosts } from '../rules/e_name_constraints_of_uris_are_hosts.js';
import { e_no_unknown_critical_extension } from '../rules/e_no_unknown_critical_extension.js';
import { e_ocsp_responder_has_nocheck } from '../rules/e_ocsp_responder_has_nocheck.js';
import { e_ocsp_responder_may_sign_answers } from '../rules/e_ocsp_responder_may_sign_answers.js';
import { e_policies_are_not_repeated } from '../rules/e_policies_are_not_repeated.js';
import { e_policy_constraints_are_critical } from '../rules/e_policy_constraints_are_critical.js';
import { e_policy_constraints_are_not_empty } from '../rules/e_policy_constraints_are_not_empty.js';
import { e_policy_control_is_of_authorities } from '../rules/e_policy_control_is_of_authorities.js';
import { e_policy_mappings_leave_any_policy_alone } from '../rules/e_policy_mappings_leave_any_policy_alone.js';
import { e_private_key_usage_period_is_in_order } from '../rules/e_private_key_usage_period_is_in_order.js';
import { e_qualifiers_of_any_policy_are_known } from '../rules/e_qualifiers_of_any_policy_are_known.js';
import { e_rfc822_names_are_mailboxes } from '../rules/e_rfc822_names_are_mailboxes.js';
import { e_rsa_exponent_is_odd_and_above_65536 } from '../rules/e_rsa_exponent_is_odd_and_above_65536.js';
import { e_rsa_exponent_within_256_bits } from '../rules/e_rsa_exponent_within_256_bits.js';
import { e_rsa_factors_are_apart } from '../rules/e_rsa_factors_are_apart.js';
import { e_rsa_key_is_not_roca } from '../rules/e_rsa_key_is_not_roca.js';
import { e_rsa_modulus_has_2048_bits } from '../rules/e_rsa_modulus_has_2048_bits.js';
import { e_rsa_modulus_has_no_small_factor } from '../rules/e_rsa_modulus_has_no_small_factor.js';
import { e_rsa_modulus_is_odd_and_positive } from '../rules/e_rsa_modulus_is_odd_and_positive.js';
import { e_rsa_modulus_is_whole_octets } from '../rules/e_rsa_modulus_is_whole_octets.js';
import { e_serial_number_at_most_20_octets } from '../rules/e_serial_number_at_most_20_octets.js';
import { e_serial_number_has_64_bits } from '../rules/e_serial_number_has_64_bits.js';
import { e_serial_number_is_positive } from '../rules/e_serial_number_is_positive.js';
import { e_signature_algorithm_fits_issuer_key } from '../rules/e_signature_algorithm_fits_issuer_key.js';
import { e_signature_algorithm_has_its_parameters } from '../rules/e_signature_algorithm_has_its_parameters.js';
import { e_signature_algorithms_are_equal } from '../rules/e_signature_algorithms_are_equal.js';
import { e_signature_hash_resists_collisions } from '../rules/e_signature_hash_resists_collisions.js';
import { e_smtp_utf8_mailbox_domain_has_ldh_labels } from '../rules/e_smtp_utf8_mailbox_domain_has_ldh_labels.js';
import { e_smtp_utf8_mailbox_local_part_is_not_ascii } from '../rules/e_smtp_utf8_mailbox_local_part_is_not_ascii.js';
import { e_spki_is_of_a_known_form } from '../rules/e_spki_is_of_a_known_form.js';
import { e_subject_directory_attributes_are_not_critical } from '../rules/e_subject_directory_attributes_are_not_critical.js';
import { e_subject_has_no_invisible_characters } from '../rules/e_subject_has_no_invisible_characters.js';
import { e_subject_info_access_is_not_critical } from '../rules/e_subject_info_access_is_not_critical.js';
import { e_subject_is_not_empty } from '../rules/e_subject_is_not_empty.js';
import { e_subject_key_identifier_is_not_critical } from '../rules/e_subject_key_identifier_is_not_critical.js';
import { e_subject_key_identifier_is_sha1_of_key } from '../rules/e_subject_key_identifier_is_sha1_of_key.js';
import { e_subject_rdns_have_a_type_once } from '../rules/e_subject_rdns_have_a_type_once.js';
import { e_subject_values_are_not_empty } from '../rules/e_subject_values_are_not_empty.js';
import { e_subject_values_have_their_string_type } from '../rules/e_subject_values_have_their_string_type.js';
import { e_subject_within_upper_bounds } from '../rules/e_subject_within_upper_bounds.js';
import { e_uri_names_are_absolute } from '../rules/e_uri_names_are_absolute.js';
import { e_uri_names_have_a_full_host } from '../rules/e_uri_names_have_a_full_host.js';
import { e_validity_begins_within_issuers } from '../rules/e_validity_begins_within_issuers.js';
import { e_validity_ends_after_it_begins } from '../rules/e_validity_ends_after_it_begins.js';
import { e_validity_ends_within_issuers } from '../rules/e_validity_ends_within_issuers.js';
import { e_validity_time_form } from '../rules/e_validity_time_form.js';
import { e_version_is_v3 } from '../rules/e_version_is_v3.js';
import { w_alternative_names_are_not_critical_beside_subject } from '../rules/w_alternative_names_are_not_critical_beside_subject.js';
import { w_ca_issuers_has_a_fetchable_address } from '../rules/w_ca_issuers_has_a_fetchable_address.js';
import { w_ca_key_usage_has_no_encipherment } from '../rules/w_ca_key_usage_has_no_encipherment.js';
import { w_crl_distribution_points_are_not_critical } from '../rules/w_crl_distribution_points_are_not_critical.js';
import { w_distribution_points_have_a_fetchable_address } from '../rules/w_distribution_points_have_a_fetchable_address.js';
import { w_distribution_points_have_full_names } from '../rules/w_distribution_points_have_full_names.js';
import { w_end_entities_have_a_policy_of_their_own } from '../rules/w_end_entities_have_a_policy_of_their_own.js';
import { w_explicit_text_has_no_control_characters } from '../rules/w_explicit_text_has_no_control_characters.js';
import { w_explicit_text_is_in_normal_form } from '../rules/w_explicit_text_is_in_normal_form.js';
import { w_explicit_text_is_utf8 } from '../rules/w_explicit_text_is_utf8.js';
import { w_extended_key_usage_of_any_is_not_critical } from '../rules/w_extended_key_usage_of_any_is_not_critical.js';
import { w_issuer_alternative_name_is_not_critical } from '../rules/w_issuer_alternative_name_is_not_critical.js';
import { w_name_constraints_are_of_common_forms } from '../rules/w_name_constraints_are_of_common_forms.js';
import { w_ocsp_nocheck_is_not_critical } from '../rules/w_ocsp_nocheck_is_not_critical.js';
import { w_ocsp_responders_have_an_http_address } from '../rules/w_ocsp_responders_have_an_http_address.js';
import { w_policy_mappings_are_critical } from '../rules/w_policy_mappings_are_critical.js';
import { w_policy_mappings_are_of_own_policies } from '../rules/w_policy_mappings_are_of_own_policies.js';
import { w_private_key_usage_period_is_not_critical } from '../rules/w_private_key_usage_period_is_not_critical.js';
import { w_status_can_be_asked_for } from '../rules/w_status_can_be_asked_for.js';
import { w_subject_key_identifier_is_present } from '../rules/w_subject_key_identifier_is_present.js';
import { w_subject_names_within_64_characters } from '../rules/w_subject_names_within_64_characters.js';
import { w_user_notice_has_no_reference } from '../rules/w_user_notice_has_no_reference.js';

/** The rules for any certificate, whoever issued it. */
export const ANY_RULES: readonly Rule<AnySubject>[] = [
  e_a_labels_are_in_normal_form,
  e_a_labels_are_punycode,
  e_addresses_follow_uri_syntax,
  e_alternative_names_are_critical_without_subject,
  e_alternative_names_are_not_empty,
  e_authority_info_access_is_not_critical,
  e_authority_key_identifier_has_key_id,
  e_authority_key_identifier_is_not_critical,
  e_authority_key_identifier_pairs_issuer_and_serial,
  e_country_name_is_two_letters,
  e_distribution_points_cover_all_reasons,
  e_distribution_points_name_a_list,
  e_ec_point_is_on_its_curve,
  e_ec_point_is_uncompressed,
  e_ed25519_key_is_a_point,
  e_encipher_and_decipher_only_exclude_each_other,
  e_encipher_and_decipher_only_go_with_agreement,
  e_explicit_text_within_200_characters,
  e_extended_key_usages_are_not_repeated,
  e_extension_values_are_well_formed,
  e_freshest_crl_is_not_critical,
  e_issuer_country_name_is_printable,
  e_issuer_is_not_empty,
  e_key_usage_is_critical,
  e_key_usage_of_rsa_key_has_no_agreement,
  e_name_constraints_are_not_empty,
  e_name_constraints_have_no_distances,
  e_name_constraints_of_addresses_have_a_mask,
  e_name_constraints_of_hosts_have_no_leading_period,
  e_name_constraints_of_uris_are_hosts,
  e_no_unknown_critical_extension,
  e_policies_are_not_repeated,
  e_policy_constraints_are_not_empty,
  e_policy_mappings_leave_any_policy_alone,
  e_private_key_usage_period_is_in_order,
  e_qualifiers_of_any_policy_are_known,
  e_rsa_exponent_is_odd_and_above_65536,
  e_rsa_exponent_within_256_bits,
  e_rsa_factors_are_apart,
  e_rsa_key_is_not_roca,
  e_rsa_modulus_has_2048_bits,
  e_rsa_modulus_has_no_small_factor,
  e_rsa_modulus_is_odd_and_positive,
  e_rsa_modulus_is_whole_octets,
  e_serial_number_at_most_20_octets,
  e_serial_number_has_64_bits,
  e_serial_number_is_positive,
  e_signature_algorithm_has_its_parameters,
  e_signature_algorithms_are_equal,
  e_signature_hash_resists_collisions,
  e_spki_is_of_a_known_form,
  e_subject_directory_attributes_are_not_critical,
  e_subject_has_no_invisible_characters,
  e_subject_info_access_is_not_critical,
  e_subject_is_not_empty,
  e_subject_key_identifier_is_not_critical,
  e_subject_key_identifier_is_sha1_of_key,
  e_subject_rdns_have_a_type_once,
  e_subject_values_are_not_empty,
  e_subject_values_have_their_string_type,
  e_subject_within_upper_bounds,
  e_uri_names_are_absolute,
  e_uri_names_have_a_full_host,
  e_validity_ends_after_it_begins,
  e_validity_time_form,
  e_version_is_v3,
  w_alternative_names_are_not_critical_beside_subject,
  w_ca_issuers_has_a_fetchable_address,
  w_crl_distribution_points_are_not_critical,
  w_distribution_points_have_a_fetchable_address,
  w_distribution_points_have_full_names,
  w_explicit_text_has_no_control_characters,
  w_explicit_text_is_in_normal_form,
  w_explicit_text_is_utf8,
  w_extended_key_usage_of_any_is_not_critical,
  w_issuer_alternative_name_is_not_critical,
  w_name_constraints_are_of_common_forms,
  w_ocsp_nocheck_is_not_critical,
  w_ocsp_responders_have_an_http_address,
  w_policy_mappings_are_of_own_policies,
  w_private_key_usage_period_is_not_critical,
  w_subject_names_within_64_characters,
  w_user_notice_has_no_reference,
  e_smtp_utf8_mailbox_domain_has_ldh_labels,
  e_smtp_utf8_mailbox_local_part_is_not_ascii,
];

/** The rules for any certificate whose issuer is known. */
export const ISSUED_RULES: readonly Rule<IssuedSubject>[] = [
  e_authority_key_identifier_is_issuers,
  e_issuer_is_subject_of_issuer,
  e_key_is_not_the_issuers,
  e_signature_algorithm_fits_issuer_key,
  e_validity_begins_within_issuers,
  e_validity_ends_within_issuers,
];

/** The rules for any certificate of an end entity or of an OCSP responder. */
export const ANY_END_ENTITY_RULES: readonly Rule<AnySubject>[] = [
  e_alternative_names_are_not_repeated,
  e_basic_constraints_name_no_authority,
  e_dns_names_have_preferred_syntax,
  e_key_usage_fits_extended_key_usage,
  e_key_usage_has_no_authority_bits,
  e_key_usage_of_ec_key_has_no_encipherment,
  e_key_usage_of_ed25519_key_signs_alone,
  e_mail_addresses_of_subject_are_alternative_names,
  e_name_constraints_are_of_authorities,
  e_ocsp_responder_has_nocheck,
  e_ocsp_responder_may_sign_answers,
  e_policy_control_is_of_authorities,
  e_rfc822_names_are_mailboxes,
  w_end_entities_have_a_policy_of_their_own,
  w_status_can_be_asked_for,
  w_subject_key_identifier_is_present,
];

/** The rules for any certificate of a certification authority. */
export const ANY_AUTHORITY_RULES: readonly Rule<AnySubject>[] = [
  e_ca_basic_constraints_are_critical,
  e_ca_basic_constraints_name_an_authority,
  e_ca_key_usage_has_certificate_signing,
  e_ca_key_usage_has_list_signing,
  e_ca_key_usage_is_present,
  e_ca_path_length_goes_with_certificate_signing,
  e_ca_subject_has_country_organisation_and_name,
  e_ca_subject_key_identifier_is_present,
  e_inhibit_any_policy_is_critical,
  e_name_constraints_are_critical,
  e_policy_constraints_are_critical,
  w_ca_key_usage_has_no_encipherment,
  w_policy_mappings_are_critical,
];
