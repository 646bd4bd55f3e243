/**
 * Findings that an environment tolerates for a while: policy data with a reason, an approver and an
 * end.
 */
import type { Instant } from '../kernel/clock.js';
import type { Environment, PolicyFault } from '../policy/model.js';
import { CERTIFICATE_RULES } from './certificate/lists/platform.js';
import { exceptionApplies } from './exception-terms.js';

/**
 * Without any of these rules a certificate of an end entity could be that of another holder, of an
 * authority, of a responder or of a CMP signer, its serial number could be another's, or its key
 * could be known. The allowed key types have exceptions of their own.
 */
export const RULES_WITHOUT_EXCEPTIONS: ReadonlySet<string> = new Set([
  'e_authority_key_identifier_is_issuers',
  'e_basic_constraints_name_no_authority',
  // A user principal name lets its owner log on as that person.
  'e_cps_alternative_names_are_of_profile',
  // cmcCA and cmcRA give rights at a CA.
  'e_cps_extended_key_usage_is_that_of_profile',
  'e_cps_key_type_is_allowed',
  'e_cps_profile_is_of_issuer',
  'e_cps_responder_is_of_environment',
  'e_cps_upn_is_common_name',
  'e_cps_validity_begins_near_now',
  'e_ec_point_is_on_its_curve',
  'e_ed25519_key_is_a_point',
  // A value that cannot be read passes every rule about it, but others may be able to read it: a
  // BOOLEAN of 01 is TRUE in BER.
  'e_extension_values_are_well_formed',
  'e_issuer_is_subject_of_issuer',
  'e_key_is_not_the_issuers',
  'e_key_usage_has_no_authority_bits',
  'e_no_unknown_critical_extension',
  'e_ocsp_responder_has_nocheck',
  'e_ocsp_responder_may_sign_answers',
  'e_ocsp_signing_is_for_responders_alone',
  'e_rsa_exponent_is_odd_and_above_65536',
  'e_rsa_factors_are_apart',
  'e_rsa_key_is_not_roca',
  'e_rsa_modulus_has_2048_bits',
  'e_rsa_modulus_has_no_small_factor',
  'e_rsa_modulus_is_odd_and_positive',
  'e_serial_number_at_most_20_octets',
  'e_serial_number_has_64_bits',
  'e_serial_number_is_positive',
  'e_signature_algorithm_fits_issuer_key',
  'e_signature_algorithm_has_its_parameters',
  'e_signature_algorithms_are_equal',
  'e_signature_hash_resists_collisions',
  'e_spki_is_of_a_known_form',
  'e_validity_ends_within_issuers',
]);

export function hasException(
  { lintExceptions }: Pick<Environment, 'lintExceptions'>,
  { rule, profile, at }: { readonly rule: string; readonly profile: string; readonly at: Instant },
): boolean {
  return (
    !RULES_WITHOUT_EXCEPTIONS.has(rule) &&
    lintExceptions.some((one) => one.rule === rule && exceptionApplies(one, profile, at))
  );
}

/**
 * An exception for an unknown rule, or for a rule without exceptions, is a fault of the policy, and
 * no process starts with it.
 */
export function exceptionFaults({
  mark,
  lintExceptions,
}: Pick<Environment, 'mark' | 'lintExceptions'>): readonly PolicyFault[] {
  const known: ReadonlySet<string> = new Set(CERTIFICATE_RULES.map(({ name }) => name));
  return lintExceptions.flatMap(({ rule }, at) => {
    const fault = (message: string): PolicyFault => ({
      file: `environments/${mark}.json`,
      pointer: `/lintExceptions/${at}/rule`,
      message,
    });
    if (!known.has(rule)) return [fault(`there is no rule ${rule} of certificates`)];
    return RULES_WITHOUT_EXCEPTIONS.has(rule) ? [fault(`${rule} has no exceptions`)] : [];
  });
}
