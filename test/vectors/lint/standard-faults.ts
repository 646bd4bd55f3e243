/**
 * Broken certificates for the rules of public standards about names, keys, algorithms and key
 * usages. The rules of profiles do not apply to them. Extensions are in
 * `standard-extension-faults.ts`.
 */

import { createHash } from 'node:crypto';
import { bitString, explicit, integer, namedBits, nullValue, oid, seq, tagged } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import { faultsIn } from '../../support/lint/fault-table.js';
import {
  accessDescriptions,
  assemble,
  both,
  type Edit,
  EXPONENT,
  modulusOf,
  PRINTABLE,
  partsOf,
  policy,
  type RawAttribute,
  rawName,
  rsaKey,
  type StandardFault,
  UTF8,
  withExtension,
  withKey,
  withoutExtension,
  withRdns,
  withValue,
} from '../../support/lint/fixtures.js';
import { integerContent, modulusOfBits } from '../../support/lint/rsa-numbers.js';
import { primeFrom, rocaPrime } from '../../support/lint/weak-keys.js';
import { ISSUING, ORGANISATION, RESPONDER, SERVER, SIGNATURE } from './subjects.js';

const IA5 = 0x16;
const octets = (length: number): Uint8Array => new Uint8Array(length).fill(0x5a);
const usage = (...bits: readonly number[]): Edit => withExtension('keyUsage', namedBits(bits));

/** Adds one attribute in an RDN of its own. */
const also = (attribute: RawAttribute): Edit => withRdns((rdns) => [...rdns, [attribute]]);

/** Replaces both algorithms by these bytes. */
const algorithm =
  (der: Uint8Array): NonNullable<StandardFault['make']> =>
  (tbs) => ({ certificate: seq(assemble({ ...partsOf(tbs), signature: der }), der, bitString(octets(64))) });

/** Replaces the attributes of the issuer's name. */
const issuer =
  (...rdns: readonly (readonly RawAttribute[])[]): Edit =>
  (parts) => ({ ...parts, issuer: rawName(rdns) });

function rsa(modulus: Uint8Array, exponent: Uint8Array): Edit {
  const { spki, keyBits } = rsaKey(modulus, exponent);
  return withKey(spki, keyBits);
}

export const STANDARD_FAULTS: readonly StandardFault[] = [
  ...faultsIn<StandardFault>(SIGNATURE, {
    e_version_is_v3: { 'version 2': (parts) => ({ ...parts, version: explicit(0, integer(1)), extensions: [] }) },
    e_serial_number_at_most_20_octets: { '21 octets': (parts) => ({ ...parts, serial: tagged(0x02, octets(21)) }) },
    e_signature_algorithm_has_its_parameters: {
      'ECDSA with NULL parameters': { make: algorithm(seq(oid(OID.ecdsaWithSha256), nullValue())) },
      'RSA without NULL parameters': { make: algorithm(seq(oid(OID.sha256WithRsaEncryption))) },
    },
    e_signature_hash_resists_collisions: {
      'RSA with SHA-1': { make: algorithm(seq(oid(OID.sha1WithRsaEncryption), nullValue())) },
    },
    e_subject_is_not_empty: {
      'no RDN, and no alternative name': { of: ORGANISATION, edit: (parts) => ({ ...parts, subject: seq() }) },
    },
    e_alternative_names_are_critical_without_subject: {
      'no RDN, and alternative names that are not critical': {
        of: SERVER,
        edit: (parts) => ({ ...parts, subject: seq() }),
      },
    },
    e_country_name_is_two_letters: { 'lower case': withValue('countryName', 'fr') },
    e_issuer_is_not_empty: { 'no RDN': issuer() },
    e_issuer_country_name_is_printable: {
      'a UTF8String': issuer([{ type: OID.countryName, tag: UTF8, value: 'FR' }]),
      'three letters': issuer([{ type: OID.countryName, tag: PRINTABLE, value: 'FRA' }]),
    },
    e_subject_values_have_their_string_type: {
      'serialNumber as a UTF8String': also({ type: OID.serialNumber, tag: UTF8, value: '1' }),
      'domainComponent as a UTF8String': also({ type: OID.domainComponent, tag: UTF8, value: 'example' }),
      'title as an IA5String': withValue('title', 'Infirmier', IA5),
    },
    e_subject_within_upper_bounds: {
      'a serialNumber of 65 characters': also({ type: OID.serialNumber, tag: PRINTABLE, value: '1'.repeat(65) }),
      'a locality of 129 characters': also({ type: OID.localityName, tag: UTF8, value: 'x'.repeat(129) }),
    },
    w_subject_names_within_64_characters: { 'a surname of 65 characters': withValue('surname', 'X'.repeat(65)) },
    e_subject_rdns_have_a_type_once: {
      'two surnames in one RDN': withRdns((rdns) =>
        rdns.map((rdn) => rdn.flatMap((one) => (one.type === OID.surname ? [one, { ...one, value: 'AUTRE' }] : [one]))),
      ),
    },
    e_rsa_modulus_has_2048_bits: {
      '2040 bits': { keyType: 'rsa-2048', edit: (parts) => rsa(modulusOfBits(2_040), EXPONENT)(parts) },
    },
    e_rsa_modulus_is_whole_octets: {
      '2049 bits': { keyType: 'rsa-2048', edit: (parts) => rsa(modulusOfBits(2_049), EXPONENT)(parts) },
    },
    e_rsa_modulus_has_no_small_factor: {
      'a factor 751': { keyType: 'rsa-2048', edit: (parts) => rsa(modulusOfBits(2_048, 751n), EXPONENT)(parts) },
    },
    e_rsa_factors_are_apart: {
      'two primes in a row': {
        keyType: 'rsa-2048',
        edit: (parts) => {
          const prime = primeFrom((3n << 1_022n) + 1_234_567n);
          return rsa(integerContent(prime * primeFrom(prime + 2n)), EXPONENT)(parts);
        },
      },
    },
    e_rsa_key_is_not_roca: {
      'primes of the faulty library': {
        keyType: 'rsa-2048',
        edit: (parts) => rsa(integerContent(rocaPrime(7n) * rocaPrime(1_000_003n)), EXPONENT)(parts),
      },
    },
    e_rsa_exponent_within_256_bits: {
      'an exponent of 33 octets': {
        keyType: 'rsa-2048',
        edit: (parts) => rsa(modulusOf('rsa-2048'), octets(33).fill(0x5b, 32))(parts),
      },
    },
    e_key_usage_of_rsa_key_has_no_agreement: { keyAgreement: { keyType: 'rsa-2048', edit: usage(1, 4) } },
    e_encipher_and_decipher_only_go_with_agreement: {
      'encipherOnly without keyAgreement': usage(1, 7),
      'decipherOnly without keyAgreement': usage(1, 8),
    },
    e_encipher_and_decipher_only_exclude_each_other: { 'both, with keyAgreement': usage(1, 4, 7, 8) },
    e_mail_addresses_of_subject_are_alternative_names: {
      'an address in the subject, and another as a name': {
        of: 'elementaire/serv-smime',
        edit: also({ type: OID.emailAddress, tag: IA5, value: 'b@mail.example.org' }),
      },
    },
    e_ocsp_responder_has_nocheck: {
      'a responder without ocsp-nocheck': {
        of: RESPONDER,
        edit: both(
          withoutExtension('ocspNoCheck'),
          withExtension(
            'authorityInfoAccess',
            accessDescriptions([{ method: OID.accessOcsp, address: policy.environment.addresses.ocsp }]),
          ),
        ),
      },
    },
    w_ca_key_usage_has_no_encipherment: {
      'keyEncipherment with keyCertSign': {
        of: ISSUING,
        edit: both(
          (parts) => rsa(modulusOf('rsa-2048'), EXPONENT)(parts),
          withExtension('keyUsage', namedBits([2, 5, 6])),
        ),
      },
    },
    e_ca_key_usage_has_certificate_signing: { 'cRLSign alone': { of: 'acr-fo', edit: usage(6) } },
    e_ca_key_usage_has_list_signing: { 'keyCertSign alone': { of: ISSUING, edit: usage(5) } },
    e_ca_key_usage_is_present: { none: { of: 'acr-fo', edit: withoutExtension('keyUsage') } },
    e_ca_path_length_goes_with_certificate_signing: {
      'a path length, and a key that signs lists alone': { of: ISSUING, edit: usage(6) },
    },
    e_certificate_is_strict_der: {
      'a SET OF that is not in order': (parts) => ({
        ...parts,
        subject: seq(
          tagged(
            0x31,
            Buffer.concat([
              seq(oid(OID.surname), tagged(UTF8, utf8('A'))),
              seq(oid(OID.commonName), tagged(UTF8, utf8('A'))),
            ]),
          ),
        ),
      }),
      'an INTEGER with an octet too many': (parts) => ({
        ...parts,
        serial: tagged(0x02, Uint8Array.of(0, 0, ...octets(15))),
      }),
      'a unique identifier of the subject': (parts) => ({
        ...parts,
        spki: Buffer.concat([parts.spki, tagged(0x82, Uint8Array.of(0, 1))]),
      }),
      'extensions in version 1': (parts) => ({ ...parts, version: new Uint8Array(0) }),
    },
    e_subject_key_identifier_is_sha1_of_key: {
      'the SHA-256 of the key, cut to 20 octets': (parts) =>
        withExtension(
          'subjectKeyIdentifier',
          tagged(0x04, createHash('sha256').update(parts.spki.slice(-65)).digest().subarray(0, 20)),
        )(parts),
    },
  }),
  ...[2, 3].map(
    (bit): StandardFault => ({
      rule: 'e_key_usage_of_ec_key_has_no_encipherment',
      fault: `bit ${bit} with an EC key`,
      of: SERVER,
      edit: usage(0, bit),
    }),
  ),
  ...[2, 4].map(
    (bit): StandardFault => ({
      rule: 'e_key_usage_of_ed25519_key_signs_alone',
      fault: `bit ${bit} with an Ed25519 key`,
      of: ORGANISATION,
      keyType: 'ed25519',
      edit: usage(0, bit),
    }),
  ),
  ...[5, 6].map(
    (bit): StandardFault => ({
      rule: 'e_key_usage_has_no_authority_bits',
      fault: `bit ${bit} in the certificate of an end entity`,
      of: SIGNATURE,
      edit: usage(1, bit),
    }),
  ),
  ...['countryName', 'organizationName', 'commonName'].map(
    (name): StandardFault => ({
      rule: 'e_ca_subject_has_country_organisation_and_name',
      fault: `no ${name}`,
      of: ISSUING,
      edit: withRdns((rdns) => rdns.filter(([one]) => one?.type !== OID[name as keyof typeof OID])),
    }),
  ),
  ...[
    ['a TeletexString', 0x14, 'DUPONT'],
    ['a BMPString', 0x1e, '\u0000D'],
    ['a PrintableString with an asterisk', PRINTABLE, 'DU*PONT'],
  ].map(
    ([fault, tag, value]): StandardFault => ({
      rule: 'e_certificate_is_strict_der',
      fault: `${fault} in the subject`,
      of: SIGNATURE,
      edit: withValue('surname', String(value), Number(tag)),
    }),
  ),
  ...[
    ['UTCTime without seconds', 0x17, '2603011000Z'],
    ['UTCTime with an offset', 0x17, '260301100000+0100'],
    ['GeneralizedTime with a fraction', 0x18, '20260301100000.5Z'],
    ['GeneralizedTime without a Z', 0x18, '20260301100000'],
    ['a day that there is not', 0x17, '260230100000Z'],
  ].map(
    ([fault, tag, value]): StandardFault => ({
      rule: 'e_certificate_is_strict_der',
      fault: `${fault} as notBefore`,
      of: SIGNATURE,
      edit: (parts) => ({ ...parts, notBefore: tagged(Number(tag), utf8(String(value))) }),
    }),
  ),
];
