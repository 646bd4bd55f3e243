/**
 * CMP signers on software keys, for tests in which the signer is not the subject. A root and an
 * issuing CA are made with them, so that the certificates of the answers form a path.
 */
import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { OID } from '../../../src/asn1/oids.js';
import { type CmpSignerCertificate, readCmpSignerCertificate } from '../../../src/cmp/signer-certificate.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { ok } from '../../../src/kernel/result.js';
import type { CmpSigner, CmpSigners } from '../../../src/operations/cmp/cmp-signers.js';
import { encodeName } from '../../../src/x509/certificate/name-writer.js';
import { writeAuthorityKeyIdentifier } from '../../../src/x509/extensions/authority-key-identifier.js';
import { writeBasicConstraints } from '../../../src/x509/extensions/basic-constraints.js';
import { writeExtendedKeyUsage } from '../../../src/x509/extensions/extended-key-usage.js';
import { writeKeyUsage } from '../../../src/x509/extensions/key-usage.js';
import { writeSubjectKeyIdentifier } from '../../../src/x509/extensions/subject-key-identifier.js';
import { subjectKeyIdentifier } from '../../../src/x509/keys/public-key.js';
import type { Extension, Issuer, Name } from '../../../src/x509/model.js';
import { type HolderKey, makeKey } from '../service/csr.js';
import { derOf, signedBy } from '../service/own-certificates.js';

/** A CA on a software key. */
export type TestCa = Pick<Issuer, 'certificate' | 'subject' | 'subjectDer' | 'subjectKeyIdentifier' | 'spki'> & {
  readonly key: KeyObject;
};

const VALIDITY = { notBefore: Date.UTC(2020, 0), notAfter: Date.UTC(2049, 0) };

function nameOf(commonName: string): Name {
  return [
    [{ type: OID.countryName, form: 'printableString', value: 'FR' }],
    [{ type: OID.commonName, form: 'utf8String', value: commonName }],
  ];
}

type SigningCa = Pick<TestCa, 'subjectDer' | 'subjectKeyIdentifier' | 'key'>;

function certified(
  commonName: string,
  extensions: readonly Extension[],
  { issuer, pair = makeKey() }: { readonly issuer?: SigningCa; readonly pair?: HolderKey } = {},
): TestCa {
  const spki = new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' }));
  const keyIdentifier = subjectKeyIdentifier(spki);
  const subject = nameOf(commonName);
  const subjectDer = encodeName(subject);
  const by = issuer ?? { subjectDer, subjectKeyIdentifier: keyIdentifier, key: pair.privateKey };
  const certificate = signedBy(by.key, {
    issuerDer: by.subjectDer,
    subject,
    spki,
    validity: VALIDITY,
    extensions: [
      ...extensions,
      writeSubjectKeyIdentifier(keyIdentifier),
      writeAuthorityKeyIdentifier(by.subjectKeyIdentifier),
    ],
  });
  const key = pair.privateKey;
  return { certificate: derOf(certificate), subject, subjectDer, subjectKeyIdentifier: keyIdentifier, spki, key };
}

/** `id-kp-cmcCA`, as in the profiles of our CMP signers. */
const CMC_CA = writeExtendedKeyUsage(['cmcCa']);

/** The signer that this CA has certified. */
export function createTestCmpSigner(issuer: SigningCa & Pick<TestCa, 'certificate'>, authority: string): CmpSigner {
  const {
    certificate,
    subjectDer,
    subjectKeyIdentifier: keyIdentifier,
    key,
  } = certified(`TEST CMP ${authority}`, [writeKeyUsage(['digitalSignature']), CMC_CA], { issuer });
  return {
    certificate,
    chain: [issuer.certificate],
    subject: subjectDer,
    keyIdentifier,
    notAfter: VALIDITY.notAfter,
    sign: async (protectedPart: Bytes) => ok(new Uint8Array(sign('sha256', protectedPart, key))),
  };
}

/** The certificate of a CMP signer on this key, for tests in which another double signs. */
export function certifyTestCmpKey(privateKey: KeyObject): CmpSignerCertificate {
  const { issuing } = createTestCmpSigners();
  const pair = { privateKey, publicKey: createPublicKey(privateKey) };
  const { certificate } = certified('TEST CMP', [writeKeyUsage(['digitalSignature']), CMC_CA], {
    issuer: issuing,
    pair,
  });
  const read = readCmpSignerCertificate(issuing, certificate);
  if (!read.ok) throw new Error(read.error.rule);
  return read.value;
}

export type TestCmpHierarchy = { readonly root: TestCa; readonly issuing: TestCa; readonly cmpSigners: CmpSigners };

/** A root, an issuing CA, and the signer of the answers of this one authority. */
export function createTestCmpSigners(authority = 'aci-el-org'): TestCmpHierarchy {
  const root = certified(`TEST ACR ${authority}`, [
    writeBasicConstraints({ ca: true, pathLen: 1 }),
    writeKeyUsage(['keyCertSign', 'cRLSign']),
  ]);
  const issuing = certified(
    `TEST ACI ${authority}`,
    [writeBasicConstraints({ ca: true, pathLen: 0 }), writeKeyUsage(['keyCertSign', 'cRLSign'])],
    { issuer: root },
  );
  const signer = createTestCmpSigner(issuing, authority);
  return { root, issuing, cmpSigners: { of: (asked) => (asked === authority ? signer : null) } };
}

/** A platform before the ceremonies that make CMP keys. */
export const NO_CMP_SIGNERS: CmpSigners = { of: () => null };
