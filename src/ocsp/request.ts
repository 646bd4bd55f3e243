/**
 * Reads OCSP requests (RFC 6960 4.1) with the strict reader; the only failure is
 * `malformedRequest`. A signature and a requestor's name are allowed and ignored, because the
 * service is public.
 */
import {
  contextTag,
  type DerElement,
  expectTag,
  explicit,
  integerOctets,
  malformed,
  nullValue,
  objectIdentifier,
  parseDer,
  sequence,
  sequenceOf,
  smallInteger,
  TAG,
} from '../asn1/der-reader.js';
import { OID } from '../asn1/oids.js';
import { type Bytes, toHex } from '../kernel/bytes.js';
import { LIMITS } from '../kernel/limits.js';
import { err, ok, type Result } from '../kernel/result.js';
import { readExtension } from '../x509/certificate/extension-reader.js';
import { storedSerial } from '../x509/certificate/stored-serial.js';
import type { Extension } from '../x509/model.js';
import type { PreferredAlgorithm } from './choose-responder.js';

export type CertIdHash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/**
 * Maps the OID of each hash algorithm that is supported in CertIDs to its name and the length of
 * its digest in octets.
 */
export const CERT_ID_HASHES: ReadonlyMap<string, { readonly hash: CertIdHash; readonly octets: number }> = new Map([
  [OID.sha1, { hash: 'sha1', octets: 20 }],
  [OID.sha256, { hash: 'sha256', octets: 32 }],
  [OID.sha384, { hash: 'sha384', octets: 48 }],
  [OID.sha512, { hash: 'sha512', octets: 64 }],
]);

export type CertId = {
  /**
   * DER of the CertID as received. The response repeats it byte for byte, because clients compare
   * it with that of their request (RFC 6960 3.2).
   */
  readonly der: Bytes;
  /** null: the hash algorithm is unsupported, so the issuer cannot be found. */
  readonly hash: CertIdHash | null;
  /**
   * Whether the CertID has the form that nearly all clients use: SHA-1 or SHA-256 with NULL
   * parameters. There are two CertIDs of this form for each certificate.
   */
  readonly isCommonForm: boolean;
  readonly issuerNameHash: Bytes;
  readonly issuerKeyHash: Bytes;
  /**
   * The serial number in the form of the database; null: it is zero or negative, and no certificate
   * has such a number.
   */
  readonly serial: string | null;
};

export type OcspRequest = {
  /** The requested CertIDs: at least one, without duplicates. */
  readonly certIds: readonly CertId[];
  /**
   * The value of the nonce extension as it came: an OCTET STRING of 1 to 128 octets (RFC 9654 2.1),
   * or 1 to 128 octets without its tag and length. The response repeats it byte for byte. null: the
   * request has no nonce.
   */
  readonly nonce: Bytes | null;
  /** The preferred algorithms, in the client's order of preference; empty: no preference. */
  readonly preferred: readonly PreferredAlgorithm[];
};

type OcspRequestFailure = { readonly kind: 'malformedRequest'; readonly detail: string };

/**
 * The extension AcceptableResponses (RFC 6960 4.4.3), which is ignored: only one response type
 * exists, and every client supports it.
 */
const ACCEPTABLE_RESPONSES = '1.3.6.1.5.5.7.48.1.4';
const NONCE_OCTETS_MAX = 128;
const COMMON_HASHES: ReadonlySet<CertIdHash> = new Set(['sha1', 'sha256']);

export function readOcspRequest(der: Bytes): Result<OcspRequest, OcspRequestFailure> {
  if (der.length > LIMITS.ocspRequestBytesMax)
    return err({ kind: 'malformedRequest', detail: `more than ${LIMITS.ocspRequestBytesMax} octets` });
  const parsed = parseDer(der, readMessage);
  return parsed.ok
    ? ok(parsed.value)
    : err({ kind: 'malformedRequest', detail: `octet ${parsed.error.offset}: ${parsed.error.rule}` });
}

function readMessage(root: DerElement): OcspRequest {
  const message = sequence(root, 'OCSPRequest');
  const request = readTbsRequest(message.next(TAG.sequence, 'tbsRequest'));
  message.optional(contextTag(0, 'constructed'));
  message.end();
  return request;
}

function readTbsRequest(element: DerElement): OcspRequest {
  const fields = sequence(element, 'tbsRequest');
  const version = fields.optional(contextTag(0, 'constructed'));
  // v1 is the default, which DER does not allow to be encoded; clients that encode it anyway are
  // accepted.
  if (version !== null && smallInteger(explicit(version, 'version'), 'version') !== 0)
    malformed(version, 'version: not v1');
  fields.optional(contextTag(1, 'constructed'));
  const list = sequenceOf(fields.next(TAG.sequence, 'requestList'), 'requestList');
  if (list.length === 0 || list.length > LIMITS.ocspRequestsPerMessageMax)
    malformed(element, `requestList: 1 to ${LIMITS.ocspRequestsPerMessageMax} requests`);
  const certIds = list.map(readRequest);
  const extensions = fields.optional(contextTag(2, 'constructed'));
  fields.end();
  const { nonce, preferred } = extensions === null ? NO_EXTENSIONS : readMessageExtensions(extensions);
  return { certIds: withoutDuplicates(certIds), nonce, preferred };
}

/** Removes repeated CertIDs: a CertID that is requested twice is answered once. */
function withoutDuplicates(certIds: readonly CertId[]): readonly CertId[] {
  return [...new Map(certIds.map((certId) => [toHex(certId.der), certId])).values()];
}

function readRequest(element: DerElement): CertId {
  const fields = sequence(element, 'Request');
  const certId = readCertId(fields.next(TAG.sequence, 'reqCert'));
  const extensions = fields.optional(contextTag(0, 'constructed'));
  fields.end();
  // No extension of a single request is supported, so a critical one is an error (RFC 6960 4.1.2).
  if (extensions !== null) for (const extension of readExtensions(extensions)) refuseCritical(extension);
  return certId;
}

function readCertId(element: DerElement): CertId {
  const fields = sequence(element, 'CertID');
  const algorithm = readHashAlgorithm(fields.next(TAG.sequence, 'hashAlgorithm'));
  const name = fields.next(TAG.octetString, 'issuerNameHash');
  const key = fields.next(TAG.octetString, 'issuerKeyHash');
  const serial = fields.next(TAG.integer, 'serialNumber');
  fields.end();
  for (const digest of [name, key]) {
    if (algorithm !== null && digest.content.length !== algorithm.octets)
      malformed(digest, 'CertID: the length of a digest does not match its algorithm');
  }
  return {
    der: element.whole,
    hash: algorithm?.hash ?? null,
    isCommonForm: algorithm?.hasNull === true && COMMON_HASHES.has(algorithm.hash),
    issuerNameHash: name.content,
    issuerKeyHash: key.content,
    serial: storedSerial(integerOctets(serial, 'serialNumber')),
  };
}

type HashAlgorithm = { readonly hash: CertIdHash; readonly octets: number; readonly hasNull: boolean };

/**
 * Reads the hash algorithm; null: it is not supported. Its parameters may be absent or NULL,
 * because clients use both (RFC 5754 2).
 */
function readHashAlgorithm(element: DerElement): HashAlgorithm | null {
  const fields = sequence(element, 'hashAlgorithm');
  const oid = objectIdentifier(fields.next(TAG.oid, 'algorithm'), 'algorithm');
  const known = CERT_ID_HASHES.get(oid) ?? null;
  if (known === null) return null;
  const hasNull = fields.more();
  if (hasNull) nullValue(fields.any('parameters'), 'parameters');
  fields.end();
  return { ...known, hasNull };
}

type RequestExtension = Extension & { readonly element: DerElement };

function readExtensions(tagged: DerElement): readonly RequestExtension[] {
  const list = sequenceOf(explicit(tagged, 'extensions'), 'extensions').map((element) => ({
    element,
    ...readExtension(element, 'lenient'),
  }));
  if (list.length === 0) malformed(tagged, 'extensions: at least one');
  if (new Set(list.map(({ oid }) => oid)).size !== list.length) malformed(tagged, 'extensions: duplicate extension');
  return list;
}

function refuseCritical({ element, oid, critical }: RequestExtension): void {
  if (critical) malformed(element, `extension ${oid}: critical and not supported`);
}

type MessageExtensions = Pick<OcspRequest, 'nonce' | 'preferred'>;
const NO_EXTENSIONS: MessageExtensions = { nonce: null, preferred: [] };

/**
 * Reads the nonce and the preferred algorithms. Other extensions are ignored; a critical one that
 * is not supported makes the request malformed.
 */
function readMessageExtensions(tagged: DerElement): MessageExtensions {
  let { nonce, preferred } = NO_EXTENSIONS;
  for (const extension of readExtensions(tagged)) {
    if (extension.oid === OID.ocspNonce) nonce = readNonce(extension);
    else if (extension.oid === OID.ocspPreferredSignatureAlgorithms) preferred = readPreferred(extension);
    else if (extension.oid !== ACCEPTABLE_RESPONSES) refuseCritical(extension);
  }
  return { nonce, preferred };
}

/**
 * Reads PreferredSignatureAlgorithms ::= SEQUENCE OF PreferredSignatureAlgorithm (RFC 6960
 * 4.4.7.1).
 */
function readPreferred({ element, value }: RequestExtension): readonly PreferredAlgorithm[] {
  const list = parseDer(value, (root) => sequenceOf(root, 'preferredSignatureAlgorithms').map(readPreferredOne));
  return list.ok ? list.value : malformed(element, `preferredSignatureAlgorithms: ${list.error.rule}`);
}

function readPreferredOne(element: DerElement): PreferredAlgorithm {
  const fields = sequence(element, 'preferredSignatureAlgorithm');
  const { algorithm: signature } = readAlgorithm(fields.next(TAG.sequence, 'sigIdentifier'));
  const key = fields.more() ? readAlgorithm(fields.next(TAG.sequence, 'pubKeyAlgIdentifier')) : null;
  fields.end();
  return { signature, key };
}

/**
 * Reads an AlgorithmIdentifier, or an SMIMECapability, which has the same structure (RFC 8551
 * 2.5.2).
 */
function readAlgorithm(element: DerElement): { readonly algorithm: string; readonly parameters: Bytes | null } {
  const fields = sequence(element, 'algorithm');
  const algorithm = objectIdentifier(fields.next(TAG.oid, 'algorithm'), 'algorithm');
  const parameters = fields.more() ? fields.any('parameters').whole : null;
  fields.end();
  return { algorithm, parameters };
}

/**
 * Reads Nonce ::= OCTET STRING (SIZE(1..128)) (RFC 9654 2.1). Many clients, Bouncy Castle's example
 * among them, put the octets into the extension without the tag and length of an OCTET STRING. Such
 * a nonce is accepted too, as by `openssl ocsp` (ops/decisions/0030).
 */
function readNonce({ element, value }: RequestExtension): Bytes {
  const wrapped = parseDer(value, (root) => expectTag(root, TAG.octetString, 'nonce').content.length);
  const octets = wrapped.ok ? wrapped.value : value.length;
  if (octets < 1 || octets > NONCE_OCTETS_MAX) malformed(element, `nonce: ${octets} octets, 1 to ${NONCE_OCTETS_MAX}`);
  return value;
}
