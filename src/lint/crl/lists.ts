/**
 * All rules for CRLs. A rule that is in no list is not checked. The rules named `e_cps_` are the
 * platform's own and do not apply to the CRLs of others.
 */
import type { Rule, RuleSource } from '../rule.js';
import { e_cps_crl_aki_is_key_id_alone } from './rules/e_cps_crl_aki_is_key_id_alone.js';
import { e_cps_crl_entries_ascend } from './rules/e_cps_crl_entries_ascend.js';
import { e_cps_crl_entry_extensions_are_ours } from './rules/e_cps_crl_entry_extensions_are_ours.js';
import { e_cps_crl_extensions_are_ours } from './rules/e_cps_crl_extensions_are_ours.js';
import { e_cps_crl_freshest_is_issuers } from './rules/e_cps_crl_freshest_is_issuers.js';
import { e_cps_crl_is_direct_and_for_every_reason } from './rules/e_cps_crl_is_direct_and_for_every_reason.js';
import { e_cps_crl_life_within_policy } from './rules/e_cps_crl_life_within_policy.js';
import { e_cps_crl_number_counts_from_1 } from './rules/e_cps_crl_number_counts_from_1.js';
import { e_cps_crl_reason_is_ours } from './rules/e_cps_crl_reason_is_ours.js';
import { e_cps_crl_revocation_is_not_after_this_update } from './rules/e_cps_crl_revocation_is_not_after_this_update.js';
import { e_cps_crl_scope_is_served } from './rules/e_cps_crl_scope_is_served.js';
import { e_crl_addresses_follow_uri_syntax } from './rules/e_crl_addresses_follow_uri_syntax.js';
import { e_crl_aia_is_not_critical } from './rules/e_crl_aia_is_not_critical.js';
import { e_crl_aia_is_of_ca_issuers_alone } from './rules/e_crl_aia_is_of_ca_issuers_alone.js';
import { e_crl_aki_has_key_identifier } from './rules/e_crl_aki_has_key_identifier.js';
import { e_crl_aki_is_not_critical } from './rules/e_crl_aki_is_not_critical.js';
import { e_crl_aki_matches_issuer } from './rules/e_crl_aki_matches_issuer.js';
import { e_crl_aki_present } from './rules/e_crl_aki_present.js';
import { e_crl_base_number_is_below_number } from './rules/e_crl_base_number_is_below_number.js';
import { e_crl_base_number_is_not_negative } from './rules/e_crl_base_number_is_not_negative.js';
import { e_crl_certificate_issuer_in_indirect_alone } from './rules/e_crl_certificate_issuer_in_indirect_alone.js';
import { e_crl_certificate_issuer_is_critical } from './rules/e_crl_certificate_issuer_is_critical.js';
import { e_crl_delta_has_no_freshest_crl } from './rules/e_crl_delta_has_no_freshest_crl.js';
import { e_crl_delta_indicator_is_critical } from './rules/e_crl_delta_indicator_is_critical.js';
import { e_crl_entry_extension_values_are_well_formed } from './rules/e_crl_entry_extension_values_are_well_formed.js';
import { e_crl_entry_no_unknown_critical_extension } from './rules/e_crl_entry_no_unknown_critical_extension.js';
import { e_crl_expired_certs_is_not_critical } from './rules/e_crl_expired_certs_is_not_critical.js';
import { e_crl_expired_certs_since_before_this_update } from './rules/e_crl_expired_certs_since_before_this_update.js';
import { e_crl_extension_values_are_well_formed } from './rules/e_crl_extension_values_are_well_formed.js';
import { e_crl_extensions_present } from './rules/e_crl_extensions_present.js';
import { e_crl_freshest_crl_has_points_alone } from './rules/e_crl_freshest_crl_has_points_alone.js';
import { e_crl_freshest_crl_is_not_critical } from './rules/e_crl_freshest_crl_is_not_critical.js';
import { e_crl_freshest_crl_points_have_names } from './rules/e_crl_freshest_crl_points_have_names.js';
import { e_crl_idp_is_critical } from './rules/e_crl_idp_is_critical.js';
import { e_crl_idp_is_not_empty } from './rules/e_crl_idp_is_not_empty.js';
import { e_crl_idp_is_not_of_attribute_certificates } from './rules/e_crl_idp_is_not_of_attribute_certificates.js';
import { e_crl_idp_names_one_kind_alone } from './rules/e_crl_idp_names_one_kind_alone.js';
import { e_crl_invalidity_date_is_not_critical } from './rules/e_crl_invalidity_date_is_not_critical.js';
import { e_crl_issuer_alt_name_is_not_critical } from './rules/e_crl_issuer_alt_name_is_not_critical.js';
import { e_crl_issuer_is_not_empty } from './rules/e_crl_issuer_is_not_empty.js';
import { e_crl_issuer_is_subject_of_issuer } from './rules/e_crl_issuer_is_subject_of_issuer.js';
import { e_crl_next_update_after_this_update } from './rules/e_crl_next_update_after_this_update.js';
import { e_crl_next_update_present } from './rules/e_crl_next_update_present.js';
import { e_crl_no_empty_revoked_list } from './rules/e_crl_no_empty_revoked_list.js';
import { e_crl_no_unknown_critical_extension } from './rules/e_crl_no_unknown_critical_extension.js';
import { e_crl_number_at_most_20_octets } from './rules/e_crl_number_at_most_20_octets.js';
import { e_crl_number_is_not_critical } from './rules/e_crl_number_is_not_critical.js';
import { e_crl_number_is_not_negative } from './rules/e_crl_number_is_not_negative.js';
import { e_crl_number_present } from './rules/e_crl_number_present.js';
import { e_crl_reason_is_defined } from './rules/e_crl_reason_is_defined.js';
import { e_crl_reason_is_not_critical } from './rules/e_crl_reason_is_not_critical.js';
import { e_crl_reason_not_unspecified } from './rules/e_crl_reason_not_unspecified.js';
import { e_crl_remove_from_crl_in_delta_alone } from './rules/e_crl_remove_from_crl_in_delta_alone.js';
import { e_crl_revocation_date_form } from './rules/e_crl_revocation_date_form.js';
import { e_crl_serial_at_most_20_octets } from './rules/e_crl_serial_at_most_20_octets.js';
import { e_crl_serial_is_listed_once } from './rules/e_crl_serial_is_listed_once.js';
import { e_crl_serial_is_positive } from './rules/e_crl_serial_is_positive.js';
import { e_crl_signature_algorithm_fits_issuer_key } from './rules/e_crl_signature_algorithm_fits_issuer_key.js';
import { e_crl_time_form } from './rules/e_crl_time_form.js';
import { e_crl_version_is_v2 } from './rules/e_crl_version_is_v2.js';
import type { CrlEndSubject, CrlEntrySubject, CrlHeaderSubject, CrlLintContext, ExtendedCrl } from './subjects.js';

/** These three are in no list, because there is nothing readable to check. */
export const CRL_DER = {
  name: 'e_crl_der_is_strict',
  citation: 'X.690 10 and 11; RFC 5280 5.1, and 4.2: no extension twice',
  effective: '2008-05-01',
} as const satisfies RuleSource;
export const CRL_SIZE = {
  name: 'e_crl_size_within_limit',
  citation: 'LIMITS.crlBytesMax',
  effective: '2026-01-01',
} as const satisfies RuleSource;
export const CRL_ENTRY_FORM = {
  name: 'e_crl_entry_is_well_formed',
  citation: 'RFC 5280 5.1.2.6, and 4.2: no extension twice',
  effective: '2008-05-01',
} as const satisfies RuleSource;

/** The rules for the fields before the entries. */
const CRL_HEADER_RULES: readonly Rule<CrlHeaderSubject>[] = [
  e_crl_issuer_is_not_empty,
  e_crl_issuer_is_subject_of_issuer,
  e_crl_next_update_after_this_update,
  e_crl_next_update_present,
  e_crl_signature_algorithm_fits_issuer_key,
  e_crl_time_form,
  e_crl_version_is_v2,
];

/** The rules for each entry. They run a million times for one CRL. */
const CRL_ENTRY_RULES: readonly Rule<CrlEntrySubject>[] = [
  e_crl_certificate_issuer_is_critical,
  e_crl_entry_extension_values_are_well_formed,
  e_crl_entry_no_unknown_critical_extension,
  e_crl_invalidity_date_is_not_critical,
  e_crl_reason_is_defined,
  e_crl_reason_is_not_critical,
  e_crl_reason_not_unspecified,
  e_crl_revocation_date_form,
  e_crl_serial_at_most_20_octets,
  e_crl_serial_is_listed_once,
  e_crl_serial_is_positive,
];

/** The platform's own rules for each entry. */
const OWN_CRL_ENTRY_RULES: readonly Rule<CrlEntrySubject>[] = [
  e_cps_crl_entries_ascend,
  e_cps_crl_entry_extensions_are_ours,
  e_cps_crl_reason_is_ours,
  e_cps_crl_revocation_is_not_after_this_update,
];

/** The rules for the CRL as a whole, with or without extensions. */
const CRL_END_RULES: readonly Rule<CrlEndSubject>[] = [e_crl_extensions_present, e_crl_no_empty_revoked_list];

/** The rules for its extensions, alone and together with the entries. */
const CRL_EXTENDED_RULES: readonly Rule<ExtendedCrl>[] = [
  e_crl_aia_is_not_critical,
  e_crl_aia_is_of_ca_issuers_alone,
  e_crl_aki_has_key_identifier,
  e_crl_aki_is_not_critical,
  e_crl_aki_matches_issuer,
  e_crl_aki_present,
  e_crl_base_number_is_below_number,
  e_crl_base_number_is_not_negative,
  e_crl_certificate_issuer_in_indirect_alone,
  e_crl_delta_has_no_freshest_crl,
  e_crl_delta_indicator_is_critical,
  e_crl_expired_certs_is_not_critical,
  e_crl_expired_certs_since_before_this_update,
  e_crl_extension_values_are_well_formed,
  e_crl_freshest_crl_has_points_alone,
  e_crl_freshest_crl_is_not_critical,
  e_crl_freshest_crl_points_have_names,
  e_crl_idp_is_critical,
  e_crl_idp_is_not_empty,
  e_crl_idp_is_not_of_attribute_certificates,
  e_crl_idp_names_one_kind_alone,
  e_crl_issuer_alt_name_is_not_critical,
  e_crl_no_unknown_critical_extension,
  e_crl_number_at_most_20_octets,
  e_crl_number_is_not_critical,
  e_crl_number_is_not_negative,
  e_crl_number_present,
  e_crl_remove_from_crl_in_delta_alone,
  e_crl_addresses_follow_uri_syntax,
];

/** The platform's own rules for the extensions. */
const OWN_CRL_EXTENDED_RULES: readonly Rule<ExtendedCrl>[] = [
  e_cps_crl_aki_is_key_id_alone,
  e_cps_crl_extensions_are_ours,
  e_cps_crl_freshest_is_issuers,
  e_cps_crl_is_direct_and_for_every_reason,
  e_cps_crl_life_within_policy,
  e_cps_crl_number_counts_from_1,
  e_cps_crl_scope_is_served,
];

type CrlRules = {
  readonly header: readonly Rule<CrlHeaderSubject>[];
  /** A report removes each rule that has found something. */
  entry: readonly Rule<CrlEntrySubject>[];
  readonly end: readonly Rule<CrlEndSubject>[];
  readonly extended: readonly Rule<ExtendedCrl>[];
};

/** The rules for the CRLs of any issuer. */
export const ANY_CRL_RULES: Readonly<CrlRules> = {
  header: CRL_HEADER_RULES,
  entry: CRL_ENTRY_RULES,
  end: CRL_END_RULES,
  extended: CRL_EXTENDED_RULES,
};

/** The rules for the platform's CRLs only. */
export const OWN_CRL_RULES: Readonly<CrlRules> = {
  header: [],
  entry: OWN_CRL_ENTRY_RULES,
  end: [],
  extended: OWN_CRL_EXTENDED_RULES,
};

const PLATFORM_RULES: Readonly<CrlRules> = {
  header: CRL_HEADER_RULES,
  entry: [...CRL_ENTRY_RULES, ...OWN_CRL_ENTRY_RULES],
  end: CRL_END_RULES,
  extended: [...CRL_EXTENDED_RULES, ...OWN_CRL_EXTENDED_RULES],
};

export function crlRulesFor({ ruleSet }: CrlLintContext): CrlRules {
  return ruleSet === 'standards' ? { ...ANY_CRL_RULES } : { ...PLATFORM_RULES };
}

/** The number of rules that a CRL must pass. */
export function countCrlRules(context: Pick<CrlLintContext, 'ruleSet'>): number {
  const { header, entry, end, extended } = context.ruleSet === 'standards' ? ANY_CRL_RULES : PLATFORM_RULES;
  return header.length + entry.length + end.length + extended.length + [CRL_DER, CRL_SIZE, CRL_ENTRY_FORM].length;
}
