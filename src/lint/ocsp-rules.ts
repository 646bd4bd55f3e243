/** The rules of a to-be-signed OCSP answer, each with the clause that it holds us to. Severity is the prefix: all are errors. */
export const OCSP_RULES = {
  e_ocsp_der_is_strict: 'X.690 10 and 11; RFC 6960 4.2.1; RFC 5280 4.2: no extension twice',
  e_ocsp_size_within_limit: 'our own limit, LIMITS.ocspRequestsPerMessageMax and LIMITS.signerFrameBytesMax',
  e_ocsp_version_is_v1: 'RFC 6960 4.2.1: the default, not written',
  e_ocsp_responder_id_is_signer: 'RFC 6960 4.2.2.3: name or key hash of the certificate whose key signs',
  e_ocsp_response_present: 'RFC 6960 4.2.1: one for each certificate in the request',
  e_ocsp_certid_of_issuer: 'RFC 6960 4.2.2.2: a delegated responder answers for the CA that named it, and no other',
  e_ocsp_certid_hash_known: 'RFC 6960 4.1.1; RFC 9919 3.1: SHA-1, SHA-256, and their longer kin',
  e_ocsp_certid_unique: 'one answer a certificate: two could disagree',
  e_ocsp_status_form: 'RFC 6960 4.2.1',
  e_ocsp_reason_is_ours: 'RFC 5280 5.3.1: the reasons that this CA gives; removeFromCRL is none',
  e_ocsp_revocation_not_after_produced_at: 'RFC 6960 2.4: what is told has happened',
  e_ocsp_never_issued_is_extended_revoke:
    'RFC 6960 2.2 and 4.4.8: a number never issued is on hold since 1970-01-01, and the answer says that it does so',
  e_ocsp_this_update_not_after_produced_at: 'RFC 6960 2.4',
  e_ocsp_next_update_after_this_update: 'RFC 6960 4.2.2.1; RFC 9919 3.2.4: present, and later',
  e_ocsp_next_update_within_policy: 'the longest life of an answer is policy',
  e_ocsp_no_unknown_extension: 'RFC 6960 4.4: nonce and extendedRevoke, neither critical',
  e_ocsp_nonce_1_to_128_octets: 'RFC 9654 2.1',
} as const;

export type OcspRule = keyof typeof OCSP_RULES;
export type OcspFinding = { readonly rule: OcspRule; readonly detail: string };
