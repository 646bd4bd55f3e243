/** Broken certificates for the rules of every certificate: keys and extensions. */

import { createHash } from 'node:crypto';
import {
  bitString,
  bool,
  contextConstructed,
  contextPrimitive,
  integer,
  nullValue,
  octetString,
  oid,
  seq,
  tagged,
} from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { concat, utf8 } from '../../../src/kernel/bytes.js';
import type { LintContext } from '../../../src/lint/certificate/lint.js';
import { faultsIn } from '../../support/lint/fault-table.js';
import {
  accessDescriptions,
  both,
  type CertificateFault,
  distributionPoints,
  type Edit,
  EXPONENT,
  ecKey,
  ed25519Key,
  modulusOf,
  pointOf,
  policy,
  policyInformation,
  rsaKey,
  UTF8,
  withCritical,
  withExtension,
  withKey,
} from '../../support/lint/fixtures.js';
import { testIssuer, testKey } from '../../unit/policy/fixtures.js';
import { SERVER, SIGNATURE } from './subjects.js';

const ORGANISATION = 'elementaire/org-sign';
const ORDER_8 = 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a';

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

export const KEY_FAULTS = faultsIn<CertificateFault>(SIGNATURE, {
  e_spki_is_of_a_known_form: {
    'rsaEncryption without its NULL': (parts) => ({ ...parts, spki: rsaKey(modulusOf('rsa-2048'), EXPONENT, []).spki }),
    'an EC key whose curve is not named': (parts) => ({
      ...parts,
      spki: seq(seq(oid(OID.ecPublicKey), seq(integer(1))), bitString(pointOf())),
    }),
    'an Ed448 key': (parts) => ({ ...parts, spki: seq(seq(oid('1.3.101.113')), bitString(octets(57))) }),
    'Ed25519 with parameters': {
      of: ORGANISATION,
      keyType: 'ed25519',
      edit: (parts) => ({ ...parts, spki: seq(seq(oid(OID.ed25519), nullValue()), bitString(parts.spki.slice(-32))) }),
    },
  },
  e_ed25519_key_is_a_point: {
    'y = 2, for which there is no x': {
      of: ORGANISATION,
      keyType: 'ed25519',
      edit: (parts) => edwards(new Uint8Array(32).fill(2, 0, 1))(parts),
    },
    'y above the field': {
      of: ORGANISATION,
      keyType: 'ed25519',
      edit: (parts) => edwards(new Uint8Array(32).fill(0xff).fill(0x7f, 31))(parts),
    },
    '31 octets': { of: ORGANISATION, keyType: 'ed25519', edit: (parts) => edwards(octets(31))(parts) },
    'y = 0, a point of order 4': {
      of: ORGANISATION,
      keyType: 'ed25519',
      edit: (parts) => edwards(new Uint8Array(32))(parts),
    },
    'a point of order 8': {
      of: ORGANISATION,
      keyType: 'ed25519',
      edit: (parts) => edwards(new Uint8Array(Buffer.from(ORDER_8, 'hex')))(parts),
    },
  },
  e_ec_point_is_on_its_curve: {
    'a P-521 point with the last bit of y the other way': {
      of: SERVER,
      keyType: 'p-521',
      edit: (parts) => offCurve(OID.p521, 133)(parts),
    },
    'a brainpoolP256r1 point with the last bit of y the other way': {
      keyType: 'brainpool-p256r1',
      edit: (parts) => offCurve(OID.brainpoolP256r1, 65)(parts),
    },
    'a brainpoolP384r1 point with the last bit of y the other way': {
      keyType: 'brainpool-p384r1',
      edit: (parts) => offCurve(OID.brainpoolP384r1, 97)(parts),
    },
    'the last bit of y the other way': (parts) => ec(pointBeside())(parts),
  },
  e_cps_key_type_is_allowed: {
    'a P-521 key where the profile takes none': (parts) => {
      const { spki } = testKey('p-521', 'holder');
      return withKey(spki, spki.slice(-133))(parts);
    },
  },
  e_rsa_exponent_is_odd_and_above_65536: {
    'exponent 3': {
      of: SERVER,
      keyType: 'rsa-2048',
      edit: (parts) => rsa(modulusOf('rsa-2048'), Uint8Array.of(3))(parts),
    },
    'exponent 65538': {
      of: SERVER,
      keyType: 'rsa-2048',
      edit: (parts) => rsa(modulusOf('rsa-2048'), Uint8Array.of(1, 0, 2))(parts),
    },
  },
  e_rsa_modulus_is_odd_and_positive: {
    'an even modulus': { of: SERVER, keyType: 'rsa-2048', edit: (parts) => rsa(evenModulus(), EXPONENT)(parts) },
  },
  e_ec_point_is_uncompressed: { 'a compressed point': (parts) => ec(compressed())(parts) },
  e_key_is_not_the_issuers: {
    'the key of the issuer under another name': (parts) => {
      const { spki } = testIssuer(policy, 'aci-fo-pp');
      return withKey(spki, spki.slice(-65))(parts);
    },
  },
  e_extension_values_are_well_formed: {
    'extKeyUsage without a purpose': withExtension('extKeyUsage', seq()),
    'cA FALSE written out': withExtension('basicConstraints', seq(bool(false))),
    'keyUsage with trailing zero bits': withExtension('keyUsage', tagged(0x03, Uint8Array.of(0, 0x40))),
    'gipCardID as a UTF8String': withExtension('gipCardId', tagged(UTF8, utf8('8025000001/2600301752'))),
  },
  e_key_usage_is_critical: { 'keyUsage not critical': withCritical('keyUsage', false) },
  e_authority_key_identifier_is_issuers: {
    'the identifier of another key': withExtension('authorityKeyIdentifier', seq(contextPrimitive(0, octets(20)))),
  },
  e_cps_authority_key_identifier_is_key_id_alone: {
    'issuer and serial number with the identifier': (parts) => {
      const { subjectKeyIdentifier, subjectDer } = testIssuer(policy, 'aci-fo-pp');
      const issuer = contextConstructed(1, contextConstructed(4, subjectDer));
      const value = seq(contextPrimitive(0, subjectKeyIdentifier), issuer, contextPrimitive(2, Uint8Array.of(1, 1)));
      return withExtension('authorityKeyIdentifier', value)(parts);
    },
  },
  e_subject_key_identifier_is_sha1_of_key: {
    'the SHA-1 of the SubjectPublicKeyInfo': (parts) =>
      withExtension('subjectKeyIdentifier', octetString(createHash('sha1').update(parts.spki).digest()))(parts),
  },
  e_cps_policy_points_to_practice_statement: {
    'another address': withExtension(
      'certificatePolicies',
      policyInformation(policy.environment.policyOid, 'http://127.0.0.1:8080/PC'),
    ),
    'no qualifier': withExtension('certificatePolicies', seq(seq(oid(policy.environment.policyOid)))),
  },
  e_cps_distribution_points_are_whole_and_direct: {
    'a cRLIssuer with the address': withExtension(
      'crlDistributionPoints',
      distributionPoints(
        [`${policy.environment.addresses.publication}/CRL/ACI-FO-PP.crl`],
        [contextConstructed(2, contextConstructed(4, testIssuer(policy, 'aci-fo-pp').subjectDer))],
      ),
    ),
  },
  e_addresses_are_served: {
    'https, in an environment that says so': {
      edit: publishedAt('https://127.0.0.1'),
      context: withPublication('https://127.0.0.1'),
    },
    'LDAP where there is no directory, in an environment that says so': {
      edit: publishedAt('ldap://127.0.0.1'),
      context: withPublication('ldap://127.0.0.1'),
    },
  },
});

/** The addresses of an environment that publishes at this address. */
function publishedAt(publication: string): Edit {
  return both(
    withExtension('crlDistributionPoints', distributionPoints([`${publication}/CRL/ACI-FO-PP.crl`])),
    withExtension('freshestCrl', distributionPoints([`${publication}/CRL/ACI-FO-PP-delta.crl`])),
    withExtension(
      'authorityInfoAccess',
      accessDescriptions([
        { method: OID.accessOcsp, address: policy.environment.addresses.ocsp },
        { method: OID.accessCaIssuers, address: `${publication}/AC/ACI-FO-PP.cer` },
      ]),
    ),
  );
}

function withPublication(publication: string): (context: LintContext) => LintContext {
  return (context) => ({
    ...context,
    environment: {
      ...context.environment,
      addresses: { ...context.environment.addresses, publication },
    },
  });
}

function rsa(modulus: Uint8Array, exponent: Uint8Array): Edit {
  const { spki, keyBits } = rsaKey(modulus, exponent);
  return withKey(spki, keyBits);
}

function edwards(key: Uint8Array): Edit {
  const { spki, keyBits } = ed25519Key(key);
  return withKey(spki, keyBits);
}

/**
 * The key of the certificate, whose point has this many octets, with the last bit of y inverted.
 */
function offCurve(curve: string, pointOctets: number): Edit {
  return (parts) => {
    const point = parts.spki.slice(-pointOctets).map((octet, at) => (at === pointOctets - 1 ? octet ^ 1 : octet));
    const { spki, keyBits } = ecKey(curve, point);
    return withKey(spki, keyBits)(parts);
  };
}

function ec(point: Uint8Array): Edit {
  const { spki, keyBits } = ecKey(OID.p256, point);
  return withKey(spki, keyBits);
}
