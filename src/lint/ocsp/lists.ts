/**
 * All rules for OCSP responses. A rule that is in no list is not checked. The rules named `e_cps_`
 * are the platform's own and do not apply to the responses of others.
 */
import type { Rule, RuleSource } from '../rule.js';
import { e_cps_ocsp_extended_revoke_has_cause } from './rules/e_cps_ocsp_extended_revoke_has_cause.js';
import { e_cps_ocsp_extensions_are_ours } from './rules/e_cps_ocsp_extensions_are_ours.js';
import { e_cps_ocsp_good_is_of_a_possible_serial } from './rules/e_cps_ocsp_good_is_of_a_possible_serial.js';
import { e_cps_ocsp_life_within_policy } from './rules/e_cps_ocsp_life_within_policy.js';
import { e_cps_ocsp_reason_is_ours } from './rules/e_cps_ocsp_reason_is_ours.js';
import { e_cps_ocsp_reason_not_unspecified } from './rules/e_cps_ocsp_reason_not_unspecified.js';
import { e_cps_ocsp_responder_is_named_by_key } from './rules/e_cps_ocsp_responder_is_named_by_key.js';
import { e_cps_ocsp_responses_within_limit } from './rules/e_cps_ocsp_responses_within_limit.js';
import { e_cps_ocsp_single_extensions_are_ours } from './rules/e_cps_ocsp_single_extensions_are_ours.js';
import { e_ocsp_archive_cutoff_is_past } from './rules/e_ocsp_archive_cutoff_is_past.js';
import { e_ocsp_certid_hash_known } from './rules/e_ocsp_certid_hash_known.js';
import { e_ocsp_certid_hash_parameters_are_null } from './rules/e_ocsp_certid_hash_parameters_are_null.js';
import { e_ocsp_certid_of_issuer } from './rules/e_ocsp_certid_of_issuer.js';
import { e_ocsp_certid_unique } from './rules/e_ocsp_certid_unique.js';
import { e_ocsp_extended_revoke_is_null } from './rules/e_ocsp_extended_revoke_is_null.js';
import { e_ocsp_extensions_are_not_critical } from './rules/e_ocsp_extensions_are_not_critical.js';
import { e_ocsp_never_issued_has_no_crl_reference } from './rules/e_ocsp_never_issued_has_no_crl_reference.js';
import { e_ocsp_never_issued_is_extended_revoke } from './rules/e_ocsp_never_issued_is_extended_revoke.js';
import { e_ocsp_never_issued_is_on_hold } from './rules/e_ocsp_never_issued_is_on_hold.js';
import { e_ocsp_next_update_after_this_update } from './rules/e_ocsp_next_update_after_this_update.js';
import { e_ocsp_next_update_present } from './rules/e_ocsp_next_update_present.js';
import { e_ocsp_nonce_1_to_128_octets } from './rules/e_ocsp_nonce_1_to_128_octets.js';
import { e_ocsp_reason_is_defined } from './rules/e_ocsp_reason_is_defined.js';
import { e_ocsp_reason_is_not_remove_from_crl } from './rules/e_ocsp_reason_is_not_remove_from_crl.js';
import { e_ocsp_responder_id_is_signer } from './rules/e_ocsp_responder_id_is_signer.js';
import { e_ocsp_response_present } from './rules/e_ocsp_response_present.js';
import { e_ocsp_revocation_not_after_produced_at } from './rules/e_ocsp_revocation_not_after_produced_at.js';
import { e_ocsp_single_extensions_are_not_critical } from './rules/e_ocsp_single_extensions_are_not_critical.js';
import { e_ocsp_status_form } from './rules/e_ocsp_status_form.js';
import { e_ocsp_this_update_not_after_produced_at } from './rules/e_ocsp_this_update_not_after_produced_at.js';
import { e_ocsp_version_is_v1 } from './rules/e_ocsp_version_is_v1.js';
import type { OcspSingleSubject, OcspSubject } from './subjects.js';

/** These two are in no list, because there is nothing readable to check. */
export const OCSP_DER = {
  name: 'e_ocsp_der_is_strict',
  citation: 'X.690 10 and 11; RFC 6960 4.2.1; RFC 5280 4.2: no extension twice',
  effective: '2013-06-01',
} as const satisfies RuleSource;
export const OCSP_SIZE = {
  name: 'e_ocsp_size_within_limit',
  citation: 'LIMITS.signerFrameBytesMax',
  effective: '2026-01-01',
} as const satisfies RuleSource;

/** The rules for the response as a whole. */
const OCSP_RESPONSE_RULES: readonly Rule<OcspSubject>[] = [
  e_ocsp_certid_unique,
  e_ocsp_extended_revoke_is_null,
  e_ocsp_extensions_are_not_critical,
  e_ocsp_never_issued_is_extended_revoke,
  e_ocsp_nonce_1_to_128_octets,
  e_ocsp_responder_id_is_signer,
  e_ocsp_response_present,
  e_ocsp_version_is_v1,
];

/** The platform's own rules for the response as a whole. */
const OWN_OCSP_RESPONSE_RULES: readonly Rule<OcspSubject>[] = [
  e_cps_ocsp_extended_revoke_has_cause,
  e_cps_ocsp_extensions_are_ours,
  e_cps_ocsp_responder_is_named_by_key,
  e_cps_ocsp_responses_within_limit,
];

/** The rules for each SingleResponse. */
const OCSP_SINGLE_RULES: readonly Rule<OcspSingleSubject>[] = [
  e_ocsp_archive_cutoff_is_past,
  e_ocsp_certid_hash_known,
  e_ocsp_certid_hash_parameters_are_null,
  e_ocsp_certid_of_issuer,
  e_ocsp_never_issued_has_no_crl_reference,
  e_ocsp_never_issued_is_on_hold,
  e_ocsp_next_update_after_this_update,
  e_ocsp_next_update_present,
  e_ocsp_reason_is_defined,
  e_ocsp_reason_is_not_remove_from_crl,
  e_ocsp_revocation_not_after_produced_at,
  e_ocsp_single_extensions_are_not_critical,
  e_ocsp_status_form,
  e_ocsp_this_update_not_after_produced_at,
];

/** The platform's own rules for each SingleResponse. */
const OWN_OCSP_SINGLE_RULES: readonly Rule<OcspSingleSubject>[] = [
  e_cps_ocsp_good_is_of_a_possible_serial,
  e_cps_ocsp_life_within_policy,
  e_cps_ocsp_reason_is_ours,
  e_cps_ocsp_reason_not_unspecified,
  e_cps_ocsp_single_extensions_are_ours,
];

type OcspRules = {
  readonly response: readonly Rule<OcspSubject>[];
  readonly single: readonly Rule<OcspSingleSubject>[];
};

/** The rules for the responses of any responder. */
export const ANY_OCSP_RULES: OcspRules = { response: OCSP_RESPONSE_RULES, single: OCSP_SINGLE_RULES };

/** The rules for the platform's responses only. */
export const OWN_OCSP_RULES: OcspRules = { response: OWN_OCSP_RESPONSE_RULES, single: OWN_OCSP_SINGLE_RULES };

const PLATFORM_RULES: OcspRules = {
  response: [...OCSP_RESPONSE_RULES, ...OWN_OCSP_RESPONSE_RULES],
  single: [...OCSP_SINGLE_RULES, ...OWN_OCSP_SINGLE_RULES],
};

export function ocspRulesFor(ruleSet: 'platform' | 'standards'): OcspRules {
  return ruleSet === 'standards' ? ANY_OCSP_RULES : PLATFORM_RULES;
}

/** The number of rules that a response must pass. */
export function countOcspRules(ruleSet: 'platform' | 'standards'): number {
  const { response, single } = ocspRulesFor(ruleSet);
  return response.length + single.length + [OCSP_DER, OCSP_SIZE].length;
}
