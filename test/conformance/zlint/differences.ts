/**
 * Differences between zlint and our lint for certificates of the corpus, with the reason for ours.
 */
export type ListedDifference = {
  /** The linter that alone reports a fault. */
  readonly by: 'zlint' | 'ours';
  /** A lint of zlint, or a rule of ours. */
  readonly what: string;
  readonly why: string;
  readonly certificates: readonly string[];
};

const CANNOT_READ = 'cannot read it';

export const DIFFERENCES: readonly ListedDifference[] = [
  {
    by: 'ours',
    what: 'e_certificate_is_strict_der',
    why: 'a signature is whole octets in every algorithm of RFC 3279; these have their unused bits changed',
    certificates: ['PKITS_data/certs/BadSignedCACert.crt', 'PKITS_data/certs/InvalidDSASignatureTest6EE.crt'],
  },
  {
    by: 'ours',
    what: 'e_certificate_is_strict_der',
    why: 'attribute values of no string type, or of tags of several octets: RFC 5280 4.1.2.4 has none',
    certificates: [
      'custom/long-form-name-attribute.pem',
      'e-trust.ru.der',
      'scottishpower-bitstring-dn.pem',
      'unique_identifier.pem',
    ],
  },
  {
    by: 'ours',
    what: 'e_certificate_is_strict_der',
    why: 'critical FALSE is written out, against X.690 11.5: zlint reads on',
    certificates: ['ed25519/ed25519-rfc8410.pem'],
  },
  {
    by: 'ours',
    what: 'e_extension_values_are_well_formed',
    why: 'a CPS pointer that is no IA5String, and a negative SkipCerts: zlint has no lint that looks at either',
    certificates: ['custom/cp_invalid2.der', 'custom/inhibit_any_policy_negative.pem'],
  },
  {
    by: 'ours',
    what: 'e_key_usage_of_rsa_key_has_no_agreement',
    why: 'it signs itself and is no authority: zlint takes it for neither kind',
    certificates: ['custom/all_key_usages.pem'],
  },
  {
    by: 'ours',
    what: 'e_name_constraints_of_uris_are_hosts',
    why: 'RFC 5280 4.2.1.10 has the host, not an address with a scheme; zlint takes any address that has a host',
    certificates: ['custom/nc_permitted.pem', 'custom/nc_permitted_excluded.pem'],
  },
  {
    by: 'ours',
    what: 'e_spki_is_of_a_known_form',
    why: 'keys that are certified by nobody here: DSA before its end in browsers, RSASSA-PSS in X.509 v1, Ed448, unknown ones',
    certificates: [
      'PKITS_data/certs/DSACACert.crt',
      'PKITS_data/certs/ValidDSASignaturesTest4EE.crt',
      'custom/dsa_selfsigned_ca.pem',
      'custom/rsa_pss.pem',
      'custom/unsupported_subject_public_key_info.pem',
      'ed448/root-ed448.pem',
      'ed448/server-ed448-cert.pem',
    ],
  },
  {
    by: 'ours',
    what: 'w_ca_issuers_has_a_fetchable_address',
    why: 'a directoryName alone is no address: zlint looks at addresses where there are some',
    certificates: ['custom/aia_ca_issuers.pem', 'custom/aia_ocsp_ca_issuers.pem'],
  },
  {
    by: 'zlint',
    what: 'e_key_usage_and_extended_key_usage_inconsistent',
    why: 'not keyAgreement and keyEncipherment both; here each purpose has a usage, and that RSA keys agree on nothing is another rule',
    certificates: ['utf8-dnsname.pem'],
  },
  {
    by: 'zlint',
    what: CANNOT_READ,
    why: 'DSA keys whose parameters are those of the issuer (RFC 3279 2.3.2): its library wants them',
    certificates: [
      'PKITS_data/certs/DSAParametersInheritedCACert.crt',
      'PKITS_data/certs/ValidDSAParameterInheritanceTest5EE.crt',
    ],
  },
  {
    by: 'zlint',
    what: CANNOT_READ,
    why: 'nameRelativeToCRLIssuer (RFC 5280 4.2.1.13), which its library reads as a sequence',
    certificates: [
      'PKITS_data/certs/InvaliddistributionPointTest6EE.crt',
      'PKITS_data/certs/ValidcRLIssuerTest29EE.crt',
      'PKITS_data/certs/ValiddistributionPointTest4EE.crt',
      'PKITS_data/certs/ValiddistributionPointTest5EE.crt',
    ],
  },
  {
    by: 'zlint',
    what: CANNOT_READ,
    why: 'e_extension_values_are_well_formed and e_spki_is_of_a_known_form say so of one value, not of the certificate',
    certificates: ['custom/cp_invalid.pem', 'custom/ec_no_named_curve.pem', 'custom/nc_ip_invalid_length.pem'],
  },
  {
    by: 'zlint',
    what: CANNOT_READ,
    why: 'lists of certificate transparency (RFC 6962), which no profile has and no rule of ours reads',
    certificates: ['custom/invalid-sct-length.der', 'custom/invalid-sct-version.der'],
  },
  {
    by: 'zlint',
    what: CANNOT_READ,
    why: 'an ediPartyName whose CHOICE is tagged as ASN.1 wants it (X.680 31.2.7), which its library does not expect',
    certificates: ['san_edipartyname.der'],
  },
];
