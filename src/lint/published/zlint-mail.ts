/** The lints of zlint for the CA/Browser Forum's mail certificates, with our rules. */
import type { Lints } from './zlint-rfc.js';

export const MAIL_LINTS: readonly Lints[] = [
  {
    lints: [
      'e_adobe_extensions_legacy_multipurpose_criticality',
      'e_adobe_extensions_strict_presence',
      'e_legal_entity_identifier',
      'e_smime_qc_statements_must_not_be_critical',
      'e_strict_multipurpose_smime_ext_subject_directory_attr',
    ],
    excludedBy: ['e_cps_extensions_are_those_of_profile'],
    why: 'no profile has the extension',
  },
  {
    lints: [
      'w_smime_aia_contains_internal_names',
      'e_smime_legacy_aia_shall_have_one_http',
      'e_smime_strict_aia_shall_have_http_only',
    ],
    excludedBy: ['e_cps_aia_names_issuer', 'e_addresses_are_served', 'e_cps_extensions_are_those_of_profile'],
    why: 'the addresses are those of the environment, of one machine in development',
  },
  {
    lints: ['e_authority_key_identifier_correct'],
    sameAs: [
      'e_authority_key_identifier_has_key_id',
      'e_authority_key_identifier_is_not_critical',
      'e_authority_key_identifier_pairs_issuer_and_serial',
    ],
  },
  {
    lints: [
      'e_commonname_mailbox_validated',
      'e_san_shall_be_present',
      'e_single_email_if_present',
      'e_single_email_subject_if_present',
      'e_mailbox_address_shall_contain_an_rfc822_name',
      'e_mailbox_validated_enforce_subject_field_restrictions',
    ],
    excludedBy: ['e_cps_policy_is_environments', 'e_cps_alternative_names_are_of_profile'],
    why: 'no certificate asserts a policy of the S/MIME Baseline Requirements, and no subject has an address',
  },
  {
    lints: ['e_ecpublickey_key_usages', 'e_ec_other_key_usages'],
    sameAs: ['e_key_usage_of_ec_key_has_no_encipherment', 'e_key_usage_has_no_authority_bits'],
  },
  {
    lints: ['e_edwardspublickey_key_usages'],
    sameAs: ['e_key_usage_of_ed25519_key_signs_alone', 'e_key_usage_has_no_authority_bits'],
  },
  {
    lints: ['w_key_usage_criticality'],
    sameAs: ['e_key_usage_is_critical'],
  },
  {
    lints: ['e_key_usage_presence'],
    excludedBy: ['e_cps_extensions_are_those_of_profile'],
    why: 'every profile has a key usage',
  },
  {
    lints: ['e_registration_scheme_id_matches_subject_country'],
    excludedBy: ['e_cps_subject_has_shape_of_profile'],
    why: 'no subject has an organizationIdentifier',
  },
  {
    lints: ['e_rsa_key_usage_legacy_multipurpose', 'e_rsa_key_usage_strict', 'e_rsa_other_key_usages'],
    sameAs: ['e_key_usage_of_rsa_key_has_no_agreement', 'e_key_usage_has_no_authority_bits'],
  },
  {
    lints: ['w_san_should_not_be_critical'],
    sameAs: ['w_alternative_names_are_not_critical_beside_subject'],
  },
  {
    lints: ['e_subject_country_name'],
    sameAs: ['e_country_name_is_two_letters'],
  },
  {
    lints: ['e_subscribers_crl_distribution_points_are_http', 'e_subscribers_shall_have_crl_distribution_points'],
    excludedBy: ['e_cps_crl_distribution_points_are_issuers', 'e_cps_extensions_are_those_of_profile'],
    why: 'the CRL is that of the issuer',
  },
  {
    lints: ['e_smime_legacy_multipurpose_eku_check', 'e_smime_strict_eku_check'],
    excludedBy: ['e_cps_extended_key_usage_is_that_of_profile', 'e_cps_extensions_are_those_of_profile'],
    why: 'the purposes are those of the profile',
  },
];
