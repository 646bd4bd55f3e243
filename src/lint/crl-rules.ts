/** The rules of a to-be-signed list, each with the clause that it holds us to. Severity is the prefix: all are errors. */
export const CRL_RULES = {
  e_crl_der_is_strict: 'X.690 10 and 11; RFC 5280 5.1, and 4.2: no extension twice',
  e_crl_size_within_limit: 'our own limit, LIMITS.crlBytesMax',
  e_crl_version_is_v2: 'RFC 5280 5.1.2.1',
  e_crl_signature_algorithm_fits_issuer_key: 'RFC 5280 5.1.2.2',
  e_crl_issuer_is_subject_of_issuer: 'RFC 5280 5.1.2.3 and 7.1: the same octets',
  e_crl_time_form: 'RFC 5280 5.1.2.4 and 5.1.2.5: UTCTime until 2049, GeneralizedTime from 2050',
  e_crl_next_update_after_this_update: 'RFC 5280 5.1.2.5',
  e_crl_next_update_within_policy: 'EN 319 411-1 CSS-6.3.9: the longest life of a list is policy',
  e_crl_no_empty_revoked_list: 'RFC 5280 5.1.2.6: absent when there is nothing to list',
  e_crl_entry_is_well_formed: 'RFC 5280 5.1.2.6: serial number, date, optional extensions',
  e_crl_serial_is_positive: 'RFC 5280 4.1.2.2: positive, at most 20 octets',
  e_crl_entries_ascending_and_unique:
    'our own order: no serial number is listed twice, and a reader can tell in one pass',
  e_crl_reason_not_unspecified: 'RFC 5280 5.3.1: absent instead',
  e_crl_reason_is_ours: 'RFC 5280 5.3.1',
  e_crl_remove_in_delta_only: 'RFC 5280 5.3.1: removeFromCRL stands in delta lists only',
  e_crl_entry_extensions_are_ours: 'RFC 5280 5.3: reasonCode and invalidityDate, once each, not critical',
  e_crl_extensions_present: 'RFC 5280 5.1.2.7',
  e_crl_aki_matches_issuer: 'RFC 5280 5.2.1: the key identifier of the issuer',
  e_crl_number_present: 'RFC 5280 5.2.3',
  e_crl_number_positive_and_not_critical: 'RFC 5280 5.2.3',
  e_crl_no_unknown_critical_extension: 'RFC 5280 5.2',
  e_crl_extensions_are_ours: 'our own: a reader of the list ignores what nobody told it of, so nobody writes it',
  e_crl_delta_indicator_form: 'RFC 5280 5.2.4: critical, and the number of a full list before',
  e_crl_partition_form: 'RFC 5280 5.2.5: critical, by one address of its certificates alone',
  e_crl_scope_is_served: 'policy: whether deltas are served, and which partitions the authority has',
  e_crl_freshest_is_issuers: 'policy: addresses of the environment; RFC 5280 5.2.6: not critical, in full lists only',
} as const;

export type CrlRule = keyof typeof CRL_RULES;
export type CrlFinding = { readonly rule: CrlRule; readonly detail: string };
