/**
 * All rules for the certificates of this platform: those of public standards and, named `e_cps_`,
 * those of the platform and the health sector. A rule that is in no list is not checked.
 */
import type { AuthoritySubject, CertificateSubject, LinkSubject, Rule } from '../../rule.js';
import { e_addresses_are_served } from '../rules/e_addresses_are_served.js';
import { e_cps_aia_has_no_other_method } from '../rules/e_cps_aia_has_no_other_method.js';
import { e_cps_aia_names_issuer } from '../rules/e_cps_aia_names_issuer.js';
import { e_cps_aia_names_ocsp_responder } from '../rules/e_cps_aia_names_ocsp_responder.js';
import { e_cps_alternative_names_are_of_profile } from '../rules/e_cps_alternative_names_are_of_profile.js';
import { e_cps_authority_key_identifier_is_key_id_alone } from '../rules/e_cps_authority_key_identifier_is_key_id_alone.js';
import { e_cps_ca_constraints_and_usage_alone_are_critical } from '../rules/e_cps_ca_constraints_and_usage_alone_are_critical.js';
import { e_cps_ca_crl_distribution_point_is_roots } from '../rules/e_cps_ca_crl_distribution_point_is_roots.js';
import { e_cps_ca_extensions } from '../rules/e_cps_ca_extensions.js';
import { e_cps_ca_issuer_is_its_root } from '../rules/e_cps_ca_issuer_is_its_root.js';
import { e_cps_ca_key_type_is_policys } from '../rules/e_cps_ca_key_type_is_policys.js';
import { e_cps_ca_key_usage } from '../rules/e_cps_ca_key_usage.js';
import { e_cps_ca_name_is_authoritys } from '../rules/e_cps_ca_name_is_authoritys.js';
import { e_cps_ca_path_length } from '../rules/e_cps_ca_path_length.js';
import { e_cps_ca_policy_is_any_policy } from '../rules/e_cps_ca_policy_is_any_policy.js';
import { e_cps_ca_validity_within_policy } from '../rules/e_cps_ca_validity_within_policy.js';
import { e_cps_card_category_is_environments } from '../rules/e_cps_card_category_is_environments.js';
import { e_cps_card_id_is_a_token_id } from '../rules/e_cps_card_id_is_a_token_id.js';
import { e_cps_card_type_is_of_profile } from '../rules/e_cps_card_type_is_of_profile.js';
import { e_cps_crl_distribution_points_are_issuers } from '../rules/e_cps_crl_distribution_points_are_issuers.js';
import { e_cps_distribution_points_are_whole_and_direct } from '../rules/e_cps_distribution_points_are_whole_and_direct.js';
import { e_cps_dns_names_have_no_wildcard } from '../rules/e_cps_dns_names_have_no_wildcard.js';
import { e_cps_extended_key_usage_is_that_of_profile } from '../rules/e_cps_extended_key_usage_is_that_of_profile.js';
import { e_cps_extensions_are_those_of_profile } from '../rules/e_cps_extensions_are_those_of_profile.js';
import { e_cps_freshest_crl_is_issuers } from '../rules/e_cps_freshest_crl_is_issuers.js';
import { e_cps_ip_addresses_are_allowed } from '../rules/e_cps_ip_addresses_are_allowed.js';
import { e_cps_key_type_is_allowed } from '../rules/e_cps_key_type_is_allowed.js';
import { e_cps_key_usage_alone_is_critical } from '../rules/e_cps_key_usage_alone_is_critical.js';
import { e_cps_key_usage_is_that_of_profile } from '../rules/e_cps_key_usage_is_that_of_profile.js';
import { e_cps_link_joins_generations_of_a_root } from '../rules/e_cps_link_joins_generations_of_a_root.js';
import { e_cps_link_validity_follows_its_roots } from '../rules/e_cps_link_validity_follows_its_roots.js';
import { e_cps_mail_addresses_are_of_common_name } from '../rules/e_cps_mail_addresses_are_of_common_name.js';
import { e_cps_policy_is_environments } from '../rules/e_cps_policy_is_environments.js';
import { e_cps_policy_points_to_practice_statement } from '../rules/e_cps_policy_points_to_practice_statement.js';
import { e_cps_private_key_usage_period_is_validity } from '../rules/e_cps_private_key_usage_period_is_validity.js';
import { e_cps_profession_is_a_code } from '../rules/e_cps_profession_is_a_code.js';
import { e_cps_professional_has_national_id } from '../rules/e_cps_professional_has_national_id.js';
import { e_cps_profile_is_of_issuer } from '../rules/e_cps_profile_is_of_issuer.js';
import { e_cps_responder_is_of_environment } from '../rules/e_cps_responder_is_of_environment.js';
import { e_cps_rpps_check_digit } from '../rules/e_cps_rpps_check_digit.js';
import { e_cps_serial_number_fits_16_octets } from '../rules/e_cps_serial_number_fits_16_octets.js';
import { e_cps_staff_has_local_id } from '../rules/e_cps_staff_has_local_id.js';
import { e_cps_staff_id_pairs_with_structure } from '../rules/e_cps_staff_id_pairs_with_structure.js';
import { e_cps_state_is_a_department } from '../rules/e_cps_state_is_a_department.js';
import { e_cps_structure_check_digit } from '../rules/e_cps_structure_check_digit.js';
import { e_cps_structure_has_national_id } from '../rules/e_cps_structure_has_national_id.js';
import { e_cps_subject_has_fixed_values_of_profile } from '../rules/e_cps_subject_has_fixed_values_of_profile.js';
import { e_cps_subject_has_no_compatibility_forms } from '../rules/e_cps_subject_has_no_compatibility_forms.js';
import { e_cps_subject_has_shape_of_profile } from '../rules/e_cps_subject_has_shape_of_profile.js';
import { e_cps_subject_has_string_forms_of_profile } from '../rules/e_cps_subject_has_string_forms_of_profile.js';
import { e_cps_subject_is_in_normal_form } from '../rules/e_cps_subject_is_in_normal_form.js';
import { e_cps_subject_values_have_no_extra_spaces } from '../rules/e_cps_subject_values_have_no_extra_spaces.js';
import { e_cps_subject_within_lengths_of_profile } from '../rules/e_cps_subject_within_lengths_of_profile.js';
import { e_cps_subject_words_are_of_one_script } from '../rules/e_cps_subject_words_are_of_one_script.js';
import { e_cps_upn_is_common_name } from '../rules/e_cps_upn_is_common_name.js';
import { e_cps_validity_begins_near_now } from '../rules/e_cps_validity_begins_near_now.js';
import { e_cps_validity_within_profile } from '../rules/e_cps_validity_within_profile.js';
import { e_dns_names_begin_with_common_name } from '../rules/e_dns_names_begin_with_common_name.js';
import { e_issuer_has_country_organisation_and_name } from '../rules/e_issuer_has_country_organisation_and_name.js';
import { e_key_usage_is_a_setting_of_en_319_412 } from '../rules/e_key_usage_is_a_setting_of_en_319_412.js';
import { e_natural_person_has_names_or_pseudonym } from '../rules/e_natural_person_has_names_or_pseudonym.js';
import { e_ocsp_signing_is_for_responders_alone } from '../rules/e_ocsp_signing_is_for_responders_alone.js';
import { e_validity_begins_within_issuers } from '../rules/e_validity_begins_within_issuers.js';
import { ANY_AUTHORITY_RULES, ANY_END_ENTITY_RULES, ANY_RULES, ISSUED_RULES } from './standards.js';

/** The rules for every certificate of this platform. */
export const COMMON_RULES: readonly Rule<CertificateSubject>[] = [
  ...ANY_RULES,
  ...ISSUED_RULES,
  e_addresses_are_served,
  e_cps_authority_key_identifier_is_key_id_alone,
  e_cps_distribution_points_are_whole_and_direct,
  e_cps_policy_points_to_practice_statement,
  e_cps_serial_number_fits_16_octets,
  e_cps_subject_is_in_normal_form,
  e_cps_subject_values_have_no_extra_spaces,
  e_issuer_has_country_organisation_and_name,
];

/** The rules for the certificates of end entities and OCSP responders. */
export const CERTIFICATE_RULES: readonly Rule[] = [
  ...COMMON_RULES,
  ...ANY_END_ENTITY_RULES,
  e_cps_aia_has_no_other_method,
  e_cps_aia_names_issuer,
  e_cps_aia_names_ocsp_responder,
  e_cps_alternative_names_are_of_profile,
  e_cps_card_category_is_environments,
  e_cps_card_id_is_a_token_id,
  e_cps_card_type_is_of_profile,
  e_cps_crl_distribution_points_are_issuers,
  e_cps_dns_names_have_no_wildcard,
  e_cps_extended_key_usage_is_that_of_profile,
  e_cps_extensions_are_those_of_profile,
  e_cps_freshest_crl_is_issuers,
  e_cps_ip_addresses_are_allowed,
  e_cps_key_type_is_allowed,
  e_cps_key_usage_alone_is_critical,
  e_cps_key_usage_is_that_of_profile,
  e_cps_mail_addresses_are_of_common_name,
  e_cps_policy_is_environments,
  e_cps_private_key_usage_period_is_validity,
  e_cps_profession_is_a_code,
  e_cps_professional_has_national_id,
  e_cps_profile_is_of_issuer,
  e_cps_responder_is_of_environment,
  e_cps_rpps_check_digit,
  e_cps_staff_has_local_id,
  e_cps_staff_id_pairs_with_structure,
  e_cps_state_is_a_department,
  e_cps_structure_check_digit,
  e_cps_structure_has_national_id,
  e_cps_subject_has_fixed_values_of_profile,
  e_cps_subject_has_shape_of_profile,
  e_cps_subject_has_string_forms_of_profile,
  e_cps_subject_within_lengths_of_profile,
  e_cps_upn_is_common_name,
  e_cps_validity_begins_near_now,
  e_cps_validity_within_profile,
  e_dns_names_begin_with_common_name,
  e_key_usage_is_a_setting_of_en_319_412,
  e_natural_person_has_names_or_pseudonym,
  e_ocsp_signing_is_for_responders_alone,
  e_cps_subject_has_no_compatibility_forms,
  e_cps_subject_words_are_of_one_script,
];

/** The rules for the certificates of certification authorities. */
export const AUTHORITY_RULES: readonly Rule<AuthoritySubject>[] = [
  ...COMMON_RULES,
  ...ANY_AUTHORITY_RULES,
  e_cps_ca_constraints_and_usage_alone_are_critical,
  e_cps_ca_crl_distribution_point_is_roots,
  e_cps_ca_extensions,
  e_cps_ca_issuer_is_its_root,
  e_cps_ca_key_type_is_policys,
  e_cps_ca_key_usage,
  e_cps_ca_name_is_authoritys,
  e_cps_ca_path_length,
  e_cps_ca_policy_is_any_policy,
  e_cps_ca_validity_within_policy,
];

/**
 * The rules for link certificates. An old root under the key of a new one begins before its issuer
 * (RFC 9810 4.4.1), so that one rule is left out. The name, the key and the validity are those of
 * the root's own certificate and not those that the policy gives the next generation.
 */
export const LINK_RULES: readonly Rule<LinkSubject>[] = [
  ...COMMON_RULES.filter((rule) => rule !== e_validity_begins_within_issuers),
  ...ANY_AUTHORITY_RULES,
  e_cps_ca_constraints_and_usage_alone_are_critical,
  e_cps_ca_extensions,
  e_cps_ca_key_usage,
  e_cps_ca_path_length,
  e_cps_ca_policy_is_any_policy,
  e_cps_link_joins_generations_of_a_root,
  e_cps_link_validity_follows_its_roots,
];
