import { generalizedTime, integer, tagged } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { concat } from '../../../src/kernel/bytes.js';
import type { Instant } from '../../../src/kernel/clock.js';
import type { LintContext } from '../../../src/lint/certificate/lint.js';
import { algorithmIdentifierDer } from '../../../src/x509/keys/algorithms.js';
import { faultsIn } from '../../support/lint/fault-table.js';
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
  ...faultsIn<CertificateFault>(SIGNATURE, {
    e_certificate_is_strict_der: {
      'a length in more octets than needed': {
        make: (tbs) => ({ tbs: concat([Uint8Array.of(0x30, 0x83, 0), tbs.slice(2)]) }),
      },
      'an extension twice': (parts) => ({
        ...parts,
        extensions: [...parts.extensions, ...parts.extensions.slice(0, 1)],
      }),
      'octets after the certificate': { make: (tbs) => ({ tbs: concat([tbs, Uint8Array.of(0x05, 0x00)]) }) },
      'a signature of its own that takes the dummy one in': {
        // A BIT STRING of the same length as the dummy signature for an issuer with a P-256 key.
        make: (tbs) => ({
          tbs: concat([tbs, algorithmIdentifierDer('ecdsaWithSha256'), Uint8Array.of(0x03, 0x56, 0x00)]),
        }),
      },
      'more octets than a certificate of ours can have': { make: () => ({ tbs: tagged(0x30, octets(20_000)) }) },
    },
    e_serial_number_is_positive: {
      'a negative serial number': (parts) => ({ ...parts, serial: tagged(0x02, octets(16).fill(0x80, 0, 1)) }),
      'serial number zero': (parts) => ({ ...parts, serial: integer(0) }),
    },
    e_serial_number_has_64_bits: { '56 bits': (parts) => ({ ...parts, serial: tagged(0x02, octets(7)) }) },
    e_cps_serial_number_fits_16_octets: {
      'top bit set, so that a zero octet precedes': (parts) => ({
        ...parts,
        serial: tagged(0x02, concat([Uint8Array.of(0, 0x80), octets(15)])),
      }),
    },
    e_signature_algorithms_are_equal: {
      'ECDSA with SHA-384 outside, with SHA-256 inside': {
        make: (tbs) => ({ certificate: wholeCertificate(tbs, 'ecdsaWithSha384') }),
      },
    },
    e_signature_algorithm_fits_issuer_key: {
      'RSA, for an issuer with an EC key': {
        make: (tbs) => ({
          certificate: wholeCertificate(
            assemble({ ...partsOf(tbs), signature: algorithmIdentifierDer('sha256WithRsaEncryption') }),
            'sha256WithRsaEncryption',
          ),
        }),
      },
    },
    e_issuer_is_subject_of_issuer: {
      'the same name with its common name in another string type': (parts) => ({
        ...parts,
        issuer: printableCommonName(parts.issuer),
      }),
    },
    e_issuer_has_country_organisation_and_name: {
      'an issuer without an organisation': {
        edit: (parts) => ({ ...parts, issuer: NAMELESS }),
        context: (context) => ({ ...context, issuer: { ...context.issuer, subjectDer: NAMELESS } }),
      },
    },
    e_validity_time_form: {
      'a GeneralizedTime before 2050': (parts) => ({ ...parts, notBefore: generalizedTime(BEGINS) }),
    },
    e_validity_ends_after_it_begins: {
      'it ends when it begins': { of: LOGON, edit: (parts) => ({ ...parts, notAfter: parts.notBefore }) },
    },
    e_validity_begins_within_issuers: {
      'a second before its issuer': {
        context: (context) => ({ ...context, issuer: { ...context.issuer, notBefore: BEGINS + 1_000 } }),
      },
    },
    e_validity_ends_within_issuers: {
      'a second after its issuer': {
        context: (context) => ({ ...context, issuer: { ...context.issuer, notAfter: ends(SIGNATURE) - 1_000 } }),
      },
    },
    e_subject_values_are_not_empty: { 'an empty title': withValue('title', '') },
    e_subject_within_upper_bounds: {
      'a title of 65 characters, in a profile that lets it through': {
        edit: withValue('title', 'x'.repeat(65)),
        context: widened,
      },
      'a common name of 65 characters that names no natural person': {
        of: ORGANISATION,
        edit: withValue('commonName', 'X'.repeat(65)),
        context: widened,
      },
    },
    e_country_name_is_two_letters: { 'a UTF8String': withValue('countryName', 'FR', UTF8) },
    e_subject_has_no_invisible_characters: {
      'a right-to-left override in the surname': withValue('surname', 'DU\u202ePONT'),
      'a line feed in the title': withValue('title', 'Infirmier\nMédecin'),
      'a zero-width space in the given name': withValue('givenName', 'Am\u200bélie'),
    },
    e_cps_subject_is_in_normal_form: {
      'a combining accent where a letter with it exists': withValue('givenName', 'Ame\u0301lie'),
      'a no-break space': withValue('surname', 'DE\u00a0LA'),
    },
    e_cps_subject_words_are_of_one_script: {
      'a script that the environment does not allow': withValue('surname', '\u0531\u0532'),
    },
    e_cps_subject_values_have_no_extra_spaces: {
      'a space at the end': withValue('surname', 'DURAND '),
      'two spaces in a row': withValue('surname', 'DE  LA'),
    },
  }),
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
];

/** The profile with longer limits, so that only the standard's bound is exceeded. */
function widened(context: LintContext): LintContext {
  const subject = context.profile.subject.map((rdn) => rdn.map((one) => ({ ...one, charactersMax: 1_000 })));
  return { ...context, profile: { ...context.profile, subject } };
}

function ends(profile: string): Instant {
  return partsOf(goodCertificate(profile).tbs).ends;
}
