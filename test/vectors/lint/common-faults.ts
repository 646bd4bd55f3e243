/** Broken certificates for the rules of every certificate: encoding, serial number, algorithm, names, validity, key. */
import {
  bitString,
  contextConstructed,
  contextPrimitive,
  explicit,
  generalizedTime,
  integer,
  namedBits,
  octetString,
  oid,
  seq,
  tagged,
  time,
} from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { concat } from '../../../src/kernel/bytes.js';
import {
  both,
  type CertificateFault,
  ecKey,
  EXPONENT,
  modulusOf,
  NOW_SECOND,
  partsOf,
  pointOf,
  PRINTABLE,
  rawName,
  rawOf,
  rsaKey,
  UTF8,
  wholeCertificate,
  withCritical,
  withExtension,
  withKey,
  withValue,
} from '../../support/lint-fixtures.js';

const SIGNATURE = 'fort/cps-signature';
const LOGON = 'fort/cps-authentication';
const ORGANISATION = 'elementaire/org-auth-cli';
const SERVER = 'elementaire/serv-ssl';

const DAY_MS = 86_400_000;
const octets = (length: number): Uint8Array => new Uint8Array(length).fill(0x5a);
const evenModulus = (): Uint8Array => {
  const modulus = modulusOf('rsa-2048').slice();
  modulus[modulus.length - 1] = 0x02;
  return modulus;
};
const pointBeside = (): Uint8Array => {
  const point = pointOf();
  point[64] = (point[64] ?? 0) ^ 1;
  return point;
};
const compressed = (): Uint8Array => concat([Uint8Array.of(0x02 | ((pointOf()[64] ?? 0) & 1)), pointOf().slice(1, 33)]);

export const COMMON_FAULTS: readonly CertificateFault[] = [
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
    fault: 'more octets than a certificate of ours can have',
    of: SIGNATURE,
    make: () => ({ tbs: tagged(0x30, octets(20_000)) }),
  },
  {
    rule: 'e_version_is_v3',
    fault: 'version 2',
    of: SIGNATURE,
    edit: (parts) => ({ ...parts, version: explicit(0, integer(1)), extensions: [] }),
    also: { e_cps_extensions_are_those_of_profile: 'version 2 has no extensions: the reader refuses them there' },
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
    also: { e_serial_number_has_64_bits: 'zero is also too short' },
  },
  {
    rule: 'e_serial_number_at_most_20_octets',
    fault: '21 octets',
    of: SIGNATURE,
    edit: (parts) => ({ ...parts, serial: tagged(0x02, octets(21)) }),
    also: { e_cps_serial_number_fits_16_octets: 'what is longer than 20 octets is longer than 16' },
  },
  {
    rule: 'e_serial_number_has_64_bits',
    fault: '56 bits',
    of: SIGNATURE,
    edit: (parts) => ({ ...parts, serial: tagged(0x02, octets(7)) }),
  },
  {
    rule: 'e_cps_serial_number_fits_16_octets',
    fault: 'top bit set, so that a zero octet stands before',
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
        seqOf({ ...partsOf(tbs), signature: seq(oid(OID.sha256WithRsaEncryption), Uint8Array.of(5, 0)) }),
        'sha256WithRsaEncryption',
      ),
    }),
  },
  {
    rule: 'e_issuer_is_subject_of_issuer',
    fault: 'the same name with its common name in another string type',
    of: SIGNATURE,
    edit: (parts) => ({ ...parts, issuer: reformed(parts.issuer) }),
  },
];
