/**
 * What standards require of a certificate, as far as a program can check it, clause by clause, with
 * the rules that check it or the reason why it cannot occur here. `pfcng lint list
 * --standards` prints it, and a test compares it with the existing rules.
 */
import type { RuleName } from '../rule.js';

export type Clause = {
  /** The number of the clause: `4.1.2.2`, `GEN-4.3.1-1`. */
  readonly clause: string;
  readonly requirement: string;
  readonly rules: readonly RuleName[];
  /** Why a rule is not enough, or why there is none. */
  readonly note?: string;
};

export type Standard = { readonly title: string; readonly clauses: readonly Clause[] };

const clause = (name: string, requirement: string, ...rules: readonly RuleName[]): Clause => ({
  clause: name,
  requirement,
  rules,
});
const noted = (note: string, given: Clause): Clause => ({ ...given, note });

const OF_PROFILE = 'e_cps_extensions_are_those_of_profile';
const SHAPE = 'e_cps_subject_has_shape_of_profile';
const DER = 'e_certificate_is_strict_der';
const FORMED = 'e_extension_values_are_well_formed';

const RFC_5280: Standard = {
  title: 'RFC 5280: certificates',
  clauses: [
    clause('4.1', 'DER: lengths, integers, booleans and SET OF in their one form, DEFAULT values absent', DER, FORMED),
    clause('4.1.1.2', 'signatureAlgorithm is signature', 'e_signature_algorithms_are_equal'),
    clause('4.1.2.1', 'version 3', 'e_version_is_v3'),
    clause(
      '4.1.2.2',
      'serial number positive, unique, at most 20 octets',
      'e_serial_number_is_positive',
      'e_serial_number_at_most_20_octets',
      'e_serial_number_has_64_bits',
      'e_cps_serial_number_fits_16_octets',
    ),
    clause(
      '4.1.2.3',
      'the algorithm that the issuer signs with, its parameters as it has them',
      'e_signature_algorithm_fits_issuer_key',
      'e_signature_algorithm_has_its_parameters',
      'e_signature_hash_resists_collisions',
    ),
    clause(
      '4.1.2.4',
      'issuer not empty, the octets of its own subject; strings of the forms that X.520 gives each attribute',
      'e_issuer_is_not_empty',
      'e_issuer_is_subject_of_issuer',
      'e_issuer_country_name_is_printable',
      DER,
    ),
    clause(
      '4.1.2.5',
      'UTCTime to 2049, GeneralizedTime from 2050, seconds, Z, no fraction; both ends included',
      DER,
      'e_validity_time_form',
      'e_validity_ends_after_it_begins',
      'e_validity_begins_within_issuers',
      'e_validity_ends_within_issuers',
      'e_cps_validity_within_profile',
      'e_cps_ca_validity_within_policy',
      'e_cps_validity_begins_near_now',
    ),
    clause(
      '4.1.2.6, A.1',
      'subject not empty, or known by critical alternative names; string types, alphabets and bounds',
      'e_subject_is_not_empty',
      'e_subject_values_are_not_empty',
      'e_subject_values_have_their_string_type',
      'e_subject_within_upper_bounds',
      'e_subject_rdns_have_a_type_once',
      'e_country_name_is_two_letters',
      'w_subject_names_within_64_characters',
      'e_mail_addresses_of_subject_are_alternative_names',
    ),
    clause(
      '4.1.2.7',
      'a key of a known algorithm, with its parameters, that is sound',
      'e_spki_is_of_a_known_form',
      'e_ec_point_is_uncompressed',
      'e_ec_point_is_on_its_curve',
      'e_ed25519_key_is_a_point',
      'e_rsa_modulus_is_odd_and_positive',
      'e_rsa_modulus_has_2048_bits',
      'e_rsa_modulus_is_whole_octets',
      'e_rsa_modulus_has_no_small_factor',
      'e_rsa_factors_are_apart',
      'e_rsa_key_is_not_roca',
      'e_rsa_exponent_is_odd_and_above_65536',
      'e_rsa_exponent_within_256_bits',
      'e_key_is_not_the_issuers',
      'e_cps_key_type_is_allowed',
    ),
    clause('4.1.2.8', 'no unique identifiers', DER),
    clause('4.2', 'no extension twice, none empty, no unknown critical one', DER, 'e_no_unknown_critical_extension'),
    clause(
      '4.2.1.1',
      'authorityKeyIdentifier: with the key identifier of the issuer, not critical, issuer and serial together or not at all',
      'e_authority_key_identifier_has_key_id',
      'e_authority_key_identifier_is_issuers',
      'e_authority_key_identifier_is_not_critical',
      'e_authority_key_identifier_pairs_issuer_and_serial',
      'e_cps_authority_key_identifier_is_key_id_alone',
    ),
    clause(
      '4.2.1.2',
      'subjectKeyIdentifier: present, not critical, of the key',
      'e_ca_subject_key_identifier_is_present',
      'w_subject_key_identifier_is_present',
      'e_subject_key_identifier_is_not_critical',
      'e_subject_key_identifier_is_sha1_of_key',
    ),
    clause(
      '4.2.1.3',
      'keyUsage: nine bits, one at least, critical, what the key can do, keyCertSign for authorities alone',
      FORMED,
      'e_key_usage_is_critical',
      'e_key_usage_has_no_authority_bits',
      'e_key_usage_of_rsa_key_has_no_agreement',
      'e_key_usage_of_ec_key_has_no_encipherment',
      'e_key_usage_of_ed25519_key_signs_alone',
      'e_encipher_and_decipher_only_go_with_agreement',
      'e_encipher_and_decipher_only_exclude_each_other',
      'e_ca_key_usage_is_present',
      'e_ca_key_usage_has_certificate_signing',
      'e_ca_key_usage_has_list_signing',
      'w_ca_key_usage_has_no_encipherment',
    ),
    clause(
      '4.2.1.4, RFC 6818',
      'certificatePolicies: none twice, qualifiers that are known, notices in UTF-8 without control characters',
      'e_policies_are_not_repeated',
      'e_qualifiers_of_any_policy_are_known',
      'w_user_notice_has_no_reference',
      'w_explicit_text_is_utf8',
      'w_explicit_text_has_no_control_characters',
      'w_explicit_text_is_in_normal_form',
      'e_explicit_text_within_200_characters',
      'w_end_entities_have_a_policy_of_their_own',
    ),
    clause(
      '4.2.1.5',
      'policyMappings: critical, of own policies, never anyPolicy, of authorities',
      'w_policy_mappings_are_critical',
      'w_policy_mappings_are_of_own_policies',
      'e_policy_mappings_leave_any_policy_alone',
      'e_policy_control_is_of_authorities',
    ),
    clause(
      '4.2.1.6, 4.2.1.7, 7.2 to 7.5',
      'alternative names: one at least, none empty, IA5, host names, mailboxes, URIs, addresses of 4 or 16 octets, A-labels',
      FORMED,
      'e_alternative_names_are_not_empty',
      'e_alternative_names_are_not_repeated',
      'e_alternative_names_are_critical_without_subject',
      'w_alternative_names_are_not_critical_beside_subject',
      'w_issuer_alternative_name_is_not_critical',
      'e_dns_names_have_preferred_syntax',
      'e_rfc822_names_are_mailboxes',
      'e_uri_names_are_absolute',
      'e_uri_names_have_a_full_host',
      'e_a_labels_are_punycode',
      'e_a_labels_are_in_normal_form',
    ),
    clause('4.2.1.8', 'subjectDirectoryAttributes not critical', 'e_subject_directory_attributes_are_not_critical'),
    clause(
      '4.2.1.9',
      'basicConstraints: critical in authorities, no path length without cA and keyCertSign',
      'e_ca_basic_constraints_are_critical',
      'e_ca_basic_constraints_name_an_authority',
      'e_ca_path_length_goes_with_certificate_signing',
      'e_basic_constraints_name_no_authority',
      'e_cps_ca_path_length',
    ),
    clause(
      '4.2.1.10',
      'nameConstraints: of authorities, critical, not empty, without distances, each form in its syntax',
      'e_name_constraints_are_of_authorities',
      'e_name_constraints_are_critical',
      'e_name_constraints_are_not_empty',
      'e_name_constraints_have_no_distances',
      'e_name_constraints_of_uris_are_hosts',
      'e_name_constraints_of_hosts_have_no_leading_period',
      'e_name_constraints_of_addresses_have_a_mask',
      'w_name_constraints_are_of_common_forms',
    ),
    clause(
      '4.2.1.11',
      'policyConstraints: critical, not empty, of authorities',
      'e_policy_constraints_are_critical',
      'e_policy_constraints_are_not_empty',
      'e_policy_control_is_of_authorities',
    ),
    clause(
      '4.2.1.12',
      'extKeyUsage: none twice, in step with the key usage, not critical for any purpose',
      FORMED,
      'e_extended_key_usages_are_not_repeated',
      'e_key_usage_fits_extended_key_usage',
      'w_extended_key_usage_of_any_is_not_critical',
    ),
    clause(
      '4.2.1.13, 4.2.1.15',
      'distribution points: a name or an issuer, an address that can be fetched, all reasons, not critical',
      'e_distribution_points_name_a_list',
      'w_distribution_points_have_full_names',
      'w_distribution_points_have_a_fetchable_address',
      'e_distribution_points_cover_all_reasons',
      'w_crl_distribution_points_are_not_critical',
      'e_freshest_crl_is_not_critical',
      'e_cps_distribution_points_are_whole_and_direct',
      'e_addresses_follow_uri_syntax',
    ),
    clause(
      '4.2.1.14',
      'inhibitAnyPolicy: critical, of authorities',
      'e_inhibit_any_policy_is_critical',
      'e_policy_control_is_of_authorities',
    ),
    clause(
      '4.2.2.1, 4.2.2.2',
      'information access: not critical, an address that can be fetched',
      'e_authority_info_access_is_not_critical',
      'e_subject_info_access_is_not_critical',
      'w_ca_issuers_has_a_fetchable_address',
      'w_ocsp_responders_have_an_http_address',
      'e_addresses_are_served',
    ),
    clause(
      'RFC 3280 4.2.1.4',
      'privateKeyUsagePeriod: not empty, in order, not critical',
      'e_private_key_usage_period_is_in_order',
      'w_private_key_usage_period_is_not_critical',
      'e_cps_private_key_usage_period_is_validity',
    ),
    clause(
      'RFC 6960 4.2.2.2',
      'responders, and only they, have OCSP signing, digitalSignature and ocsp-nocheck',
      'e_ocsp_responder_has_nocheck',
      'e_ocsp_responder_may_sign_answers',
      'e_ocsp_signing_is_for_responders_alone',
      'w_ocsp_nocheck_is_not_critical',
      'e_cps_responder_is_of_environment',
    ),
  ],
};

const EN_319_412_1: Standard = {
  title: 'EN 319 412-1: identifiers',
  clauses: [
    noted(
      'identifiers of this form are announced by QCStatements (SemanticsInformation), which no profile has',
      clause(
        'NAT-5.1.3, NAT-5.1.5',
        'serialNumber of natural persons: PAS, IDC, PNO, TAX, TIN, country, hyphen',
        OF_PROFILE,
        SHAPE,
      ),
    ),
    noted(
      'no profile has an organizationIdentifier: the sector has the number of the structure as organizational unit',
      clause(
        'LEG-5.1.4, LEG-5.1.6',
        'organizationIdentifier: VAT, NTR, PSD, LEI, country, hyphen',
        SHAPE,
        'e_cps_structure_has_national_id',
        'e_cps_structure_check_digit',
      ),
    ),
  ],
};

const EN_319_412_2: Standard = {
  title: 'EN 319 412-2: natural persons',
  clauses: [
    clause(
      'GEN-4.2.2-1',
      'a signature algorithm of TS 119 312',
      'e_signature_algorithm_fits_issuer_key',
      'e_signature_hash_resists_collisions',
    ),
    noted(
      'the issuers of the sector have no organizationIdentifier',
      clause(
        'GEN-4.2.3.1-2 to -6',
        'issuer: countryName, organizationName, organizationIdentifier, commonName, once each',
        'e_issuer_has_country_organisation_and_name',
        'e_ca_subject_has_country_organisation_and_name',
        'e_cps_ca_name_is_authoritys',
      ),
    ),
    clause(
      'NAT-4.2.4-1',
      'subject: countryName, commonName, and names or a pseudonym',
      'e_natural_person_has_names_or_pseudonym',
      SHAPE,
      'e_cps_professional_has_national_id',
      'e_cps_staff_has_local_id',
    ),
    clause('NAT-4.2.4-3', 'countryName and commonName once', SHAPE, 'e_cps_subject_has_fixed_values_of_profile'),
    clause('NAT-4.2.4-4', 'a pseudonym and names are not combined', 'e_natural_person_has_names_or_pseudonym'),
    clause('GEN-4.2.5-1', 'a key of TS 119 312', 'e_cps_key_type_is_allowed', 'e_cps_ca_key_type_is_policys'),
    clause('GEN-4.3.1-1', 'authorityKeyIdentifier present', 'e_authority_key_identifier_has_key_id', OF_PROFILE),
    clause(
      'NAT-4.3.2-1 to -3',
      'keyUsage of the types A to F',
      'e_key_usage_is_a_setting_of_en_319_412',
      'e_cps_key_usage_is_that_of_profile',
    ),
    clause(
      'GEN-4.3.3-1, -2',
      'certificatePolicies present, not critical',
      OF_PROFILE,
      'e_cps_policy_is_environments',
      'e_cps_key_usage_alone_is_critical',
    ),
    clause('GEN-4.3.4-1', 'no policyMappings', 'e_policy_control_is_of_authorities'),
    clause(
      'GEN-4.3.5-1',
      'subjectAltName not critical',
      'w_alternative_names_are_not_critical_beside_subject',
      'e_cps_key_usage_alone_is_critical',
    ),
    clause('GEN-4.3.6-1', 'issuerAltName not critical', 'w_issuer_alternative_name_is_not_critical'),
    clause('GEN-4.3.8-1', 'no nameConstraints', 'e_name_constraints_are_of_authorities'),
    clause('GEN-4.3.9-1', 'no policyConstraints', 'e_policy_control_is_of_authorities'),
    clause('GEN-4.3.10-1', 'extKeyUsage not critical', 'e_cps_key_usage_alone_is_critical'),
    clause('GEN-4.3.11-2, GEN-4.4.1-8', 'a list, or a responder', 'w_status_can_be_asked_for'),
    clause(
      'GEN-4.3.11-4',
      'a list over HTTP or LDAP',
      'w_distribution_points_have_a_fetchable_address',
      'e_cps_crl_distribution_points_are_issuers',
    ),
    clause('GEN-4.3.11-5', 'cRLDistributionPoints not critical', 'w_crl_distribution_points_are_not_critical'),
    clause('GEN-4.3.12-1', 'no inhibitAnyPolicy', 'e_policy_control_is_of_authorities'),
    clause(
      'GEN-4.4.1-2 to -4',
      'authorityInfoAccess with the certificate of the issuer over HTTP',
      OF_PROFILE,
      'e_cps_aia_names_issuer',
      'w_ca_issuers_has_a_fetchable_address',
    ),
    clause(
      'GEN-4.4.1-6',
      'the responder over HTTP',
      'e_cps_aia_names_ocsp_responder',
      'w_ocsp_responders_have_an_http_address',
    ),
    noted(
      'no certificate of the platform is qualified',
      clause('QCS-5', 'statements and policies of qualified certificates', OF_PROFILE),
    ),
  ],
};

const EN_319_412_3: Standard = {
  title: 'EN 319 412-3: legal persons',
  clauses: [
    noted(
      'without organizationIdentifier, as in the field: the organizational unit has the number of the structure',
      clause(
        'LEG-4.2.1-2, -6',
        'subject: countryName, organizationName, organizationIdentifier, commonName',
        SHAPE,
        'e_cps_structure_has_national_id',
      ),
    ),
    clause('LEG-4.2.1-3', 'once each', SHAPE),
    clause(
      'LEG-4.2.1-4',
      'the country where the organisation is established',
      'e_country_name_is_two_letters',
      'e_cps_subject_has_fixed_values_of_profile',
    ),
    clause(
      'LEG-4.3.1-3, -4',
      'keyUsage of the types A to F',
      'e_key_usage_is_a_setting_of_en_319_412',
      'e_cps_key_usage_is_that_of_profile',
    ),
  ],
};

const RFC_9598: Standard = {
  title: 'RFC 9598: mail addresses beyond ASCII',
  clauses: [
    clause('3', 'a local part beyond ASCII', 'e_smtp_utf8_mailbox_local_part_is_not_ascii'),
    clause('3', 'a domain in LDH labels', 'e_smtp_utf8_mailbox_domain_has_ldh_labels'),
  ],
};
export const STANDARDS: readonly Standard[] = [RFC_5280, RFC_9598, EN_319_412_1, EN_319_412_2, EN_319_412_3];
