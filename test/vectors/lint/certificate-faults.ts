import { generalizedTime, integer, tagged } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { concat } from '../../../src/kernel/bytes.js';
import type { Instant } from '../../../src/kernel/clock.js';
import type { LintContext } from '../../../src/lint/certificate/lint.js';
import { algorithmIdentifierDer } from '../../../src/x509/keys/algorithms.js';
import {
  assemble,
  BEGINS,
  type CertificateFault,
  goodCertificate,
  PRINTABLE,
  partsOf,
  printableCommonName,
  rawName,
  UTF8,
  wholeCertificate,
  withValue,
} from '../../support/lint/fixtures.js';
import { LOGON, ORGANISATION, SIGNATURE } from './subjects.js';

const octets = (length: number): Uint8Array => new Uint8Array(length).fill(0x5a);

const NAMELESS = rawName([
  [{ type: OID.countryName, tag: PRINTABLE, value: 'FR' }],
  [{ type: OID.commonName, tag: UTF8, value: 'AC' }],
]);

export const CERTIFICATE_FAULTS: readonly CertificateFault[] = [
  {
    rule: 'e_certificate_is_strict_der',
    fault: 'a length in more octets than needed',
    of: SIGNATURE,
    make: (tbs) => ({ tbs: concat([Uint8Array.of(0x30, 0x83, 0), tbs.slice(2)]) }),
  },
  {
    rule: 'e_certificate_is_strict_der',
    fault: 'an extension twice',
    of: SIGNATURE,
    edit: (parts) => ({ ...parts, extensions: [...parts.extensions, ...parts.extensions.slice(0, 1)] }),
  },
  {
    rule: 'e_certificate_is_strict_der',
    fault: 'octets after the certificate',
    of: SIGNATURE,
    make: (tbs) => ({ tbs: concat([tbs, Uint8Array.of(0x05, 0x00)]) }),
  },
  {
    rule: 'e_certificate_is_strict_der',
    fault: 'a signature of its own that takes the dummy one in',
    of: SIGNATURE,
    // A BIT STRING of the same length as the dummy signature for an issuer with a P-256 key.
    make: (tbs) => ({
      tbs: concat([tbs, algorithmIdentifierDer('ecdsaWithSha256'), Uint8Array.of(0x03, 0x56, 0x00)]),
    }),
  },
  {
    rule: 'e_certificate_is_strict_der',
    fault: 'more octets than a certificate of ours can have',
    of: SIGNATURE,
    make: () => ({ tbs: tagged(0x30, octets(20_000)) }),
  },
  {
    rule: 'e_serial_number_is_positive',
    fault: 'a negative serial number',
    of: SIGNATURE,
    edit: (parts) => ({ ...parts, serial: tagged(0x02, octets(16).fill(0x80, 0, 1)) }),
  },
  {
    rule: 'e_serial_number_is_positive',
    fault: 'serial number zero',
    of: SIGNATURE,
    edit: (parts) => ({ ...parts, serial: integer(0) }),
  },
  {
    rule: 'e_serial_number_has_64_bits',
    fault: '56 bits',
    of: SIGNATURE,
    edit: (parts) => ({ ...parts, serial: tagged(0x02, octets(7)) }),
  },
  {
    rule: 'e_cps_serial_number_fits_16_octets',
    fault: 'top bit set, so that a zero octet precedes',
    of: SIGNATURE,
    edit: (parts) => ({ ...parts, serial: tagged(0x02, concat([Uint8Array.of(0, 0x80), octets(15)])) }),
  },
  {
    rule: 'e_signature_algorithms_are_equal',
    fault: 'ECDSA with SHA-384 outside, with SHA-256 inside',
    of: SIGNATURE,
    make: (tbs) => ({ certificate: wholeCertificate(tbs, 'ecdsaWithSha384') }),
  },
  {
    rule: 'e_signature_algorithm_fits_issuer_key',
    fault: 'RSA, for an issuer with an EC key',
    of: SIGNATURE,
    make: (tbs) => ({
      certificate: wholeCertificate(
        assemble({ ...partsOf(tbs), signature: algorithmIdentifierDer('sha256WithRsaEncryption') }),
        'sha256WithRsaEncryption',
      ),
    }),
  },
  {
    rule: 'e_issuer_is_subject_of_issuer',
    fault: 'the same name with its common name in another string type',
    of: SIGNATURE,
    edit: (parts) => ({ ...parts, issuer: printableCommonName(parts.issuer) }),
  },
  {
    rule: 'e_issuer_has_country_organisation_and_name',
    fault: 'an issuer without an organisation',
    of: SIGNATURE,
    edit: (parts) => ({ ...parts, issuer: NAMELESS }),
    context: (context) => ({ ...context, issuer: { ...context.issuer, subjectDer: NAMELESS } }),
  },
  {
    rule: 'e_validity_time_form',
    fault: 'a GeneralizedTime before 2050',
    of: SIGNATURE,
    edit: (parts) => ({ ...parts, notBefore: generalizedTime(BEGINS) }),
  },
  {
    rule: 'e_validity_ends_after_it_begins',
    fault: 'it ends when it begins',
    of: LOGON,
    edit: (parts) => ({ ...parts, notAfter: parts.notBefore }),
  },
  {
    rule: 'e_validity_begins_within_issuers',
    fault: 'a second before its issuer',
    of: SIGNATURE,
    context: (context) => ({ ...context, issuer: { ...context.issuer, notBefore: BEGINS + 1_000 } }),
  },
  {
    rule: 'e_validity_ends_within_issuers',
    fault: 'a second after its issuer',
    of: SIGNATURE,
    context: (context) => ({ ...context, issuer: { ...context.issuer, notAfter: ends(SIGNATURE) - 1_000 } }),
  },
  {
    rule: 'e_subject_values_are_not_empty',
    fault: 'an empty title',
    of: SIGNATURE,
    edit: withValue('title', ''),
  },
  {
    rule: 'e_subject_within_upper_bounds',
    fault: 'a title of 65 characters, in a profile that lets it through',
    of: SIGNATURE,
    edit: withValue('title', 'x'.repeat(65)),
    context: widened,
  },
  {
    rule: 'e_subject_within_upper_bounds',
    fault: 'a common name of 65 characters that names no natural person',
    of: ORGANISATION,
    edit: withValue('commonName', 'X'.repeat(65)),
    context: widened,
  },
  {
    rule: 'e_country_name_is_two_letters',
    fault: 'a UTF8String',
    of: SIGNATURE,
    edit: withValue('countryName', 'FR', UTF8),
  },
  {
    rule: 'e_subject_has_no_invisible_characters',
    fault: 'a right-to-left override in the surname',
    of: SIGNATURE,
    edit: withValue('surname', 'DU\u202ePONT'),
  },
  {
    rule: 'e_subject_has_no_invisible_characters',
    fault: 'a line feed in the title',
    of: SIGNATURE,
    edit: withValue('title', 'Infirmier\nMédecin'),
  },
  {
    rule: 'e_subject_has_no_invisible_characters',
    fault: 'a zero-width space in the given name',
    of: SIGNATURE,
    edit: withValue('givenName', 'Am\u200bélie'),
  },
  {
    rule: 'e_cps_subject_is_in_normal_form',
    fault: 'a combining accent where a letter with it exists',
    of: SIGNATURE,
    edit: withValue('givenName', 'Ame\u0301lie'),
  },
  {
    rule: 'e_cps_subject_is_in_normal_form',
    fault: 'a no-break space',
    of: SIGNATURE,
    edit: withValue('surname', 'DE\u00a0LA'),
  },
  ...['\u{1d400}nne', 'O\ufb03ce', '\uff21nne', 'A\u017f'].map((name) => ({
    rule: 'e_cps_subject_has_no_compatibility_forms' as const,
    fault: `a character that stands for others, in ${name}`,
    of: SIGNATURE,
    edit: withValue('surname', name),
  })),
  ...['\u0410nne', 'Ann\u0435', 'DUR\u0391ND', '\u0430\u03b1', 'Jean-\u041f\u043e\u043b\u044c', 'A\u0663'].map(
    (name) => ({
      rule: 'e_cps_subject_words_are_of_one_script' as const,
      fault: `two scripts in one word, ${name}`,
      of: SIGNATURE,
      edit: withValue('surname', name),
    }),
  ),
  {
    rule: 'e_cps_subject_words_are_of_one_script',
    fault: 'a script that the environment does not allow',
    of: SIGNATURE,
    edit: withValue('surname', '\u0531\u0532'),
  },
  {
    rule: 'e_cps_subject_values_have_no_extra_spaces',
    fault: 'a space at the end',
    of: SIGNATURE,
    edit: withValue('surname', 'DURAND '),
  },
  {
    rule: 'e_cps_subject_values_have_no_extra_spaces',
    fault: 'two spaces in a row',
    of: SIGNATURE,
    edit: withValue('surname', 'DE  LA'),
  },
];

/** The profile with longer limits, so that only the standard's bound is exceeded. */
function widened(context: LintContext): LintContext {
  const subject = context.profile.subject.map((rdn) => rdn.map((one) => ({ ...one, charactersMax: 1_000 })));
  return { ...context, profile: { ...context.profile, subject } };
}

function ends(profile: string): Instant {
  return partsOf(goodCertificate(profile).tbs).ends;
}
