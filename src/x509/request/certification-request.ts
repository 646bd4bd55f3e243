/**
 * Reads a PKCS#10 (RFC 2986) and verifies its proof of possession. The platform writes subject and
 * extensions itself: what a request says of them is compared with the certificate plan for EST and
 * CMP (`src/policy/enrolment`), and ignored by the REST API.
 */
import {
  bitStringOctets,
  contextTag,
  type DerElement,
  malformed,
  objectIdentifier,
  parseDer,
  sequence,
  setOf,
  smallInteger,
  TAG,
} from '../../asn1/der-reader.js';
import type { Bytes } from '../../kernel/bytes.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Fault, fault } from '../../texts/text.js';
import { readName } from '../certificate/name-reader.js';
import { importPublicKey, verifyAsync } from '../keys/algorithms.js';
import { placeOf, readPublicKey } from '../keys/public-key.js';
import type { Name } from '../model.js';
import { decodePem } from '../pem.js';
import { keyProvenBySignature, type ProvenKey } from '../proven-key.js';
import { type RequestAlgorithm, readRequestAlgorithm } from './request-algorithms.js';
import type { RequestAttribute } from './requested-attributes.js';

type RequestContent = {
  readonly spki: Bytes;
  /** `readRequestedAttributes` reads their values. */
  readonly attributes: readonly RequestAttribute[];
  /** The subject that was asked for. It is never copied into a certificate. */
  readonly subject: Name;
};

/** A request whose signature was verified. */
export type ProvenRequest = Pick<RequestContent, 'attributes' | 'subject'> & { readonly key: ProvenKey };

export type RequestFailure =
  | ({ readonly kind: 'request-malformed' } & Fault)
  | ({
      readonly kind: 'proof-of-possession-failed';
      /** The key to be certified. */
      readonly spki: Bytes;
    } & Fault);

/** RFC 7468 section 7, and a label that some older software writes. */
const LABELS = ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'] as const;

/**
 * Bounds the cost of verifying the proof. Which keys may be certified is decided by
 * `checkPublicKey`.
 */
const MODULUS_BITS_MAX = 8_192;
const EXPONENT_END = 1n << 256n;

type RequestParts = RequestContent & {
  /** CertificationRequestInfo, the bytes that are signed. */
  readonly info: Bytes;
  readonly algorithm: RequestAlgorithm;
  readonly signature: Bytes;
};

type RequestMalformed = Extract<RequestFailure, { readonly kind: 'request-malformed' }>;

/** `pem` must be one block with strict DER inside, signed by the key to be certified. */
export async function readCertificationRequest(pem: string): Promise<Result<ProvenRequest, RequestFailure>> {
  const parts = parseCertificationRequest(pem);
  return parts.ok ? verified(parts.value) : parts;
}

/** As `readCertificationRequest`, of the DER itself. */
export async function readCertificationRequestDer(der: Bytes): Promise<Result<ProvenRequest, RequestFailure>> {
  const parts = parseCertificationRequestDer(der);
  return parts.ok ? verified(parts.value) : parts;
}

/**
 * The proof of possession of a CRMF request (RFC 4211 4.1): a signature by the key to be certified.
 * `info`: the octets that were signed. `algorithm`: DER of the AlgorithmIdentifier.
 */
export async function proveBySignature({
  algorithm: identifier,
  ...parts
}: Pick<RequestParts, 'spki' | 'info' | 'signature'> & { readonly algorithm: Bytes }): Promise<
  Result<ProvenKey, ProofFailure>
> {
  const read = parseDer(identifier, readRequestAlgorithm);
  const algorithm: RequestAlgorithm = read.ok
    ? read.value
    : { kind: 'refused', why: fault('request-well-formed', placeOf(read.error)) };
  const failure = await proofFailure({ ...parts, algorithm });
  return failure === null ? ok(keyProvenBySignature(parts.spki)) : err(failure);
}

async function verified(parts: RequestParts): Promise<Result<ProvenRequest, RequestFailure>> {
  const failure = await proofFailure(parts);
  if (failure !== null) return err(failure);
  const { spki, attributes, subject } = parts;
  return ok({ key: keyProvenBySignature(spki), attributes, subject });
}

/** As `readCertificationRequest`, without verifying the signature. */
export function parseCertificationRequest(
  pem: string,
): Result<RequestParts & { readonly der: Bytes }, RequestMalformed> {
  if (pem.length > LIMITS.certificationRequestBytesMax)
    return refuse(fault('request-within-size', { max: LIMITS.certificationRequestBytesMax }));
  const der = decodePem(pem, LABELS);
  if (!der.ok) return refuse(fault('request-is-pem', { why: der.error }));
  return parseCertificationRequestDer(der.value);
}

function parseCertificationRequestDer(der: Bytes): Result<RequestParts & { readonly der: Bytes }, RequestMalformed> {
  if (der.length > LIMITS.certificationRequestBytesMax)
    return refuse(fault('request-within-size', { max: LIMITS.certificationRequestBytesMax }));
  const parts = parseDer(der, readParts);
  if (!parts.ok) return refuse(fault('request-well-formed', placeOf(parts.error)));
  return ok({ ...parts.value, der });
}

function refuse(found: Fault): Result<never, RequestMalformed> {
  return err({ kind: 'request-malformed', ...found });
}

function readParts(root: DerElement): RequestParts {
  const fields = sequence(root, 'certificationRequest');
  const info = fields.next(TAG.sequence, 'certificationRequestInfo');
  const algorithm = readRequestAlgorithm(fields.next(TAG.sequence, 'signatureAlgorithm'));
  const signature = bitStringOctets(fields.next(TAG.bitString, 'signature'), 'signature');
  fields.end();
  return { ...readInfo(info), info: info.whole, algorithm, signature };
}

function readInfo(element: DerElement): RequestContent {
  const fields = sequence(element, 'certificationRequestInfo');
  const version = fields.next(TAG.integer, 'version');
  if (smallInteger(version, 'version') !== 0) malformed(version, 'version: not v1');
  const subject = readName(fields.next(TAG.sequence, 'subject'));
  const spki = fields.next(TAG.sequence, 'subjectPKInfo').whole;
  // RFC 2986 4.1 requires an empty set to be written. Some libraries leave it out, which does no
  // harm.
  const attributes = fields.optional(contextTag(0, 'constructed'));
  fields.end();
  const members = attributes === null ? [] : setOf(attributes, 'attributes', attributes.tag);
  return { spki, subject, attributes: members.map(readAttribute) };
}

function readAttribute(element: DerElement): RequestAttribute {
  const fields = sequence(element, 'attribute');
  const type = objectIdentifier(fields.next(TAG.oid, 'attribute type'), 'attribute type');
  const values = fields.next(TAG.set, 'attribute values');
  if (setOf(values, 'attribute values').length === 0) malformed(values, 'attribute values: empty');
  fields.end();
  return { type, values: values.whole };
}

/** The rule of a key that cannot verify anything. */
export const KEY_UNUSABLE = 'request-key-usable';

const KIND_NAMES = { rsa: 'RSA', ec: 'EC', ed25519: 'Ed25519' } as const;

type ProofFailure = Extract<RequestFailure, { kind: 'proof-of-possession-failed' }>;

/** null: the signature over the request is one of the key to be certified (RFC 2986 4.2). */
async function proofFailure({
  spki,
  info,
  algorithm,
  signature,
}: Pick<RequestParts, 'spki' | 'info' | 'algorithm' | 'signature'>): Promise<ProofFailure | null> {
  const failed = (found: Fault): ProofFailure => ({ kind: 'proof-of-possession-failed', ...found, spki });
  if (algorithm.kind === 'refused') return failed(algorithm.why);
  const view = readPublicKey(spki);
  if (!view.ok) return failed({ rule: KEY_UNUSABLE, message: view.error.message });
  if (view.value.kind !== algorithm.key)
    return failed(fault('request-algorithm-fits-key', { key: KIND_NAMES[view.value.kind] }));
  if (view.value.kind === 'rsa' && (view.value.bits > MODULUS_BITS_MAX || view.value.exponent >= EXPONENT_END))
    return failed(fault('request-key-usable/size'));
  const key = importPublicKey(spki);
  if (key === null) return failed(fault(KEY_UNUSABLE));
  const { hash, options } = algorithm;
  return (await verifyAsync({ hash, options, key, data: info, signature }))
    ? null
    : failed(fault('request-signature-verifies'));
}
