/**
 * Reads the one shape of CMS SignedData (RFC 5652 section 5) that a card may sign a statement with:
 * the content inside, one SignerInfo, signed attributes. Certificates that come with it are not
 * read, because the service knows the certificate. Every other shape is refused.
 */
import { constants } from 'node:crypto';
import {
  children,
  contextTag,
  type DerElement,
  type DerFailure,
  expectTag,
  explicit,
  fieldsOf,
  integerOctets,
  malformed,
  nullValue,
  objectIdentifier,
  octetString,
  parseDer,
  sequence,
  setOf,
  smallInteger,
  TAG,
} from '../asn1/der-reader.js';
import { OID } from '../asn1/oids.js';
import { type Bytes, equalBytes } from '../kernel/bytes.js';
import { digestOf, type HashName } from '../kernel/digest.js';
import type { Result } from '../kernel/result.js';
import { extensionOf } from './certificate/certificate-reader.js';
import { readIssuerName } from './certificate/name-reader.js';
import { readSubjectKeyIdentifier } from './extensions/subject-key-identifier.js';
import { importPublicKey, verifyAsync } from './keys/algorithms.js';
import { readPublicKey } from './keys/public-key.js';
import type { TbsView } from './model.js';
import { type RequestAlgorithm, readHashAlgorithm, readRequestAlgorithm } from './request/request-algorithms.js';

type KnownAlgorithm = Extract<RequestAlgorithm, { readonly kind: 'known' }>;

/** How a SignerInfo names the certificate of its key (RFC 5652 5.3). */
type SignerIdentifier =
  | { readonly kind: 'issuer-and-serial'; readonly issuerDer: Bytes; readonly serialOctets: Bytes }
  | { readonly kind: 'key-identifier'; readonly octets: Bytes };

export type CardCms = {
  /** The octets that were signed, through their digest in the signed attributes. */
  readonly content: Bytes;
  readonly signer: SignerIdentifier;
  readonly digest: HashName;
  readonly messageDigest: Bytes;
  /** The DER of the attributes as a SET OF, which is the input of the signature (RFC 5652 5.4). */
  readonly signedAttributes: Bytes;
  readonly algorithm: KnownAlgorithm;
  readonly signature: Bytes;
};

/** `der` is a whole ContentInfo. The signature is not verified here. */
export function readCardCms(der: Bytes): Result<CardCms, DerFailure> {
  return parseDer(der, (root) => {
    const fields = sequence(root, 'contentInfo');
    expectOid(fields.next(TAG.oid, 'contentType'), OID.cmsSignedData, 'contentType');
    const content = explicit(fields.next(contextTag(0, 'constructed'), 'content'), 'content');
    fields.end();
    return readSignedData(content);
  });
}

function readSignedData(element: DerElement): CardCms {
  const fields = sequence(element, 'signedData');
  const version = fields.next(TAG.integer, 'version');
  const digests = setOf(fields.next(TAG.set, 'digestAlgorithms'), 'digestAlgorithms');
  const content = readContent(fields.next(TAG.sequence, 'encapContentInfo'));
  const certificates = fields.optional(contextTag(0, 'constructed'));
  const signers = setOf(fields.next(TAG.set, 'signerInfos'), 'signerInfos');
  fields.end();
  for (const certificate of certificates === null ? [] : children(certificates))
    expectTag(certificate, TAG.sequence, 'certificate');
  const [digest, otherDigest] = digests;
  if (digest === undefined || otherDigest !== undefined) malformed(element, 'digestAlgorithms: exactly one expected');
  const [signerInfo, otherSigner] = signers;
  if (signerInfo === undefined || otherSigner !== undefined) malformed(element, 'signerInfos: exactly one expected');
  const signer = readSignerInfo(signerInfo);
  if (readHashAlgorithm(digest) !== signer.digest) malformed(digest, 'digestAlgorithms: not that of the signer');
  // RFC 5652 5.1: content of the type id-data has version 1, unless a signer has version 3.
  if (smallInteger(version, 'version') !== versionOf(signer.signer))
    malformed(version, 'version: not that of the signer');
  return { content, ...signer };
}

/** RFC 5652 5.3. */
function versionOf({ kind }: SignerIdentifier): 1 | 3 {
  return kind === 'issuer-and-serial' ? 1 : 3;
}

function readContent(element: DerElement): Bytes {
  const fields = sequence(element, 'encapContentInfo');
  expectOid(fields.next(TAG.oid, 'eContentType'), OID.cmsData, 'eContentType');
  const content = octetString(explicit(fields.next(contextTag(0, 'constructed'), 'eContent'), 'eContent'), 'eContent');
  fields.end();
  return content;
}

function readSignerInfo(element: DerElement): Omit<CardCms, 'content'> {
  const fields = sequence(element, 'signerInfo');
  const version = fields.next(TAG.integer, 'version');
  const signer = readSignerIdentifier(fields.any('sid'));
  if (smallInteger(version, 'version') !== versionOf(signer)) malformed(version, 'version: not that of the sid');
  const digestAlgorithm = fields.next(TAG.sequence, 'digestAlgorithm');
  const digest = readHashAlgorithm(digestAlgorithm);
  if (digest === null) malformed(digestAlgorithm, 'digestAlgorithm: not SHA-256, SHA-384 or SHA-512');
  const attributes = fields.next(contextTag(0, 'constructed'), 'signedAttrs');
  const messageDigest = readAttributes(attributes);
  const algorithm = readAlgorithm(fields.next(TAG.sequence, 'signatureAlgorithm'), digest);
  const signature = octetString(fields.next(TAG.octetString, 'signature'), 'signature');
  fields.end();
  const signedAttributes = attributes.whole.slice();
  signedAttributes[0] = TAG.set;
  return { signer, digest, messageDigest, signedAttributes, algorithm, signature };
}

function readSignerIdentifier(element: DerElement): SignerIdentifier {
  if (element.tag === contextTag(0, 'primitive')) return { kind: 'key-identifier', octets: element.content };
  const fields = sequence(element, 'issuerAndSerialNumber');
  const issuer = fields.next(TAG.sequence, 'issuer');
  readIssuerName(issuer);
  const serialOctets = integerOctets(fields.next(TAG.integer, 'serialNumber'), 'serialNumber');
  fields.end();
  return { kind: 'issuer-and-serial', issuerDer: issuer.whole, serialOctets };
}

/** Returns the message digest. Other attributes than the two of RFC 5652 5.3 may be there. */
function readAttributes(element: DerElement): Bytes {
  const values = new Map<string, readonly DerElement[]>();
  for (const attribute of setOf(element, 'signedAttrs', element.tag)) {
    const fields = sequence(attribute, 'attribute');
    const type = objectIdentifier(fields.next(TAG.oid, 'attribute type'), 'attribute type');
    const set = setOf(fields.next(TAG.set, 'attribute values'), 'attribute values');
    fields.end();
    if (values.has(type)) malformed(attribute, `signedAttrs: ${type} more than once`);
    values.set(type, set);
  }
  const only = (type: string, what: string): DerElement => {
    const [value, another] = values.get(type) ?? [];
    return value === undefined || another !== undefined ? malformed(element, `${what}: exactly one expected`) : value;
  };
  expectOid(only(OID.cmsContentType, 'contentType'), OID.cmsData, 'contentType');
  return octetString(only(OID.cmsMessageDigest, 'messageDigest'), 'messageDigest');
}

/**
 * RFC 3370 3.2 and RFC 5754 3.2: RSA signatures may have the identifier of the key. RFC 8419 3.1:
 * Ed25519 with signed attributes goes with SHA-512.
 */
function readAlgorithm(element: DerElement, digest: HashName): KnownAlgorithm {
  const fields = fieldsOf(element, 'signatureAlgorithm');
  const oid = objectIdentifier(fields.next(TAG.oid, 'algorithm'), 'algorithm');
  if (oid === OID.rsaEncryption) {
    nullValue(fields.next(TAG.null, 'parameters'), 'parameters');
    fields.end();
    return { kind: 'known', hash: digest, key: 'rsa', options: { padding: constants.RSA_PKCS1_PADDING } };
  }
  const algorithm = readRequestAlgorithm(element);
  if (algorithm.kind === 'refused') malformed(element, `signatureAlgorithm: ${algorithm.why.message.en}`);
  if ((algorithm.hash ?? 'sha512') !== digest) malformed(element, 'signatureAlgorithm: another hash than the digest');
  return algorithm;
}

function expectOid(element: DerElement, oid: string, what: string): void {
  const found = objectIdentifier(element, what);
  if (found !== oid) malformed(element, `${what}: ${found}`);
}

export type SignerCertificate = Pick<TbsView, 'spki' | 'issuerDer' | 'serialOctets' | 'extensions'>;

/** Whether the SignerInfo names this certificate. */
export function isSigner({ signer }: Pick<CardCms, 'signer'>, tbs: SignerCertificate): boolean {
  if (signer.kind === 'issuer-and-serial')
    return equalBytes(signer.issuerDer, tbs.issuerDer) && equalBytes(signer.serialOctets, tbs.serialOctets);
  const extension = extensionOf(tbs, OID.subjectKeyIdentifier);
  const identifier = extension === null ? null : readSubjectKeyIdentifier(extension.value);
  return identifier?.ok === true && equalBytes(identifier.value, signer.octets);
}

/** Whether this key has signed the content (RFC 5652 5.4 to 5.6). */
export async function cmsVerifies(
  { content, digest, messageDigest, algorithm, signedAttributes: data, signature }: CardCms,
  spki: Bytes,
): Promise<boolean> {
  if (!equalBytes(digestOf(digest, content), messageDigest)) return false;
  const view = readPublicKey(spki);
  const key = importPublicKey(spki);
  if (!view.ok || key === null || view.value.kind !== algorithm.key) return false;
  const { hash, options } = algorithm;
  return verifyAsync({ hash, options, key, data, signature });
}
