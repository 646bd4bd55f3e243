/** CertTemplate (RFC 4211 section 5), whose module has implicit tags. */
import {
  bitString,
  bitStringOctets,
  boolean,
  contextTag,
  type DerElement,
  explicit,
  fieldsOf,
  integerOctets,
  malformed,
  objectIdentifier,
  octetString,
  sequence,
  TAG,
  time,
} from '../asn1/der-reader.js';
import {
  contextConstructed,
  contextPrimitive,
  bitString as encodeBitString,
  explicit as encodeExplicit,
  time as encodeTime,
  seq,
} from '../asn1/der-writer.js';
import type { Bytes } from '../kernel/bytes.js';
import { type Instant, toSecond } from '../kernel/clock.js';
import { encodeExtension } from '../x509/certificate/extension-writer.js';
import type { Extension } from '../x509/model.js';
import {
  asSequence,
  atLeastOne,
  encodeImplicitNumber,
  encodeInfoTypeAndValue,
  encodeWholeNumber,
  explicitOf,
  optionalExplicit,
  readAlgorithmFields,
  readAlgorithmIdentifier,
  readNameValue,
  retagged,
  wholeNumber,
} from './elements.js';
import type {
  CertReqMsg,
  CertRequest,
  CertTemplate,
  InfoTypeAndValue,
  PopPrivKeyMethod,
  ProofOfPossession,
  PublicKeyValue,
} from './model.js';

const FIELD = {
  version: contextTag(0, 'primitive'),
  serialNumber: contextTag(1, 'primitive'),
  signingAlg: contextTag(2, 'constructed'),
  validity: contextTag(4, 'constructed'),
  publicKey: contextTag(6, 'constructed'),
  issuerUID: contextTag(7, 'primitive'),
  subjectUID: contextTag(8, 'primitive'),
  extensions: contextTag(9, 'constructed'),
} as const;

/** For use inside `parseDer`. */
export function readCertTemplate(element: DerElement): CertTemplate {
  const fields = sequence(element, 'certTemplate');
  const take = <Value>(tag: number, read: (field: DerElement) => Value): Value | null => {
    const field = fields.optional(tag);
    return field === null ? null : read(field);
  };
  const template: CertTemplate = {
    version: take(FIELD.version, (field) => wholeNumber(field, 'version', FIELD.version)),
    serialNumber: take(FIELD.serialNumber, (field) => integerOctets(field, 'serialNumber', FIELD.serialNumber)),
    signingAlg: take(FIELD.signingAlg, (field) =>
      readAlgorithmFields(fieldsOf(field, 'signingAlg'), asSequence(field)),
    ),
    // A Name is a CHOICE, so that its tag is explicit (X.680 31.2.7).
    issuer: optionalExplicit(fields, { number: 3, what: 'issuer' }, readNameValue),
    validity: take(FIELD.validity, readValidity),
    subject: optionalExplicit(fields, { number: 5, what: 'subject' }, readNameValue),
    publicKey: take(FIELD.publicKey, readPublicKey),
    issuerUID: take(FIELD.issuerUID, (field) => readUniqueIdentifier(field, FIELD.issuerUID)),
    subjectUID: take(FIELD.subjectUID, (field) => readUniqueIdentifier(field, FIELD.subjectUID)),
    extensions: take(FIELD.extensions, (field) => readExtensionList(field, FIELD.extensions)) ?? [],
  };
  fields.end();
  return template;
}

/** OptionalValidity; Time is a CHOICE with explicit tags. */
function readValidity(element: DerElement): CertTemplate['validity'] {
  const fields = fieldsOf(element, 'validity');
  const read = (inner: DerElement, what: string): Instant => time(inner, what).at;
  const notBefore = optionalExplicit(fields, { number: 0, what: 'notBefore' }, read);
  const notAfter = optionalExplicit(fields, { number: 1, what: 'notAfter' }, read);
  fields.end();
  return { notBefore, notAfter };
}

function readPublicKey(element: DerElement): PublicKeyValue {
  const fields = fieldsOf(element, 'publicKey');
  const algorithm = readAlgorithmIdentifier(fields.next(TAG.sequence, 'algorithm'), 'algorithm');
  const { bytes } = bitString(fields.next(TAG.bitString, 'subjectPublicKey'), 'subjectPublicKey');
  fields.end();
  return { spki: asSequence(element), algorithm, isEmpty: bytes.length === 0 };
}

function readUniqueIdentifier(element: DerElement, tag: number): Bytes {
  bitString(element, 'uniqueIdentifier', tag);
  return element.content;
}

/**
 * Extensions (RFC 5280 4.1). An identifier may occur twice and values are not read: both are faults
 * of the request and not of its encoding. `tag` is for implicitly tagged ones.
 */
export function readExtensionList(element: DerElement, tag: number = TAG.sequence): readonly Extension[] {
  return atLeastOne(element, 'extensions', tag).map((member) => {
    const fields = sequence(member, 'extension');
    const oid = objectIdentifier(fields.next(TAG.oid, 'extnID'), 'extnID');
    const flag = fields.optional(TAG.boolean);
    const critical = flag !== null && boolean(flag, 'critical');
    if (flag !== null && !critical) malformed(flag, 'critical: DEFAULT FALSE is not written (X.690 11.5)');
    const value = octetString(fields.next(TAG.octetString, 'extnValue'), 'extnValue');
    fields.end();
    return { oid, critical, value };
  });
}

export function encodeExtensionList(extensions: readonly Extension[]): Bytes {
  return seq(...extensions.map(encodeExtension));
}

export function encodeCertTemplate(template: CertTemplate): Bytes {
  const { version, serialNumber, signingAlg, issuer, validity, subject, publicKey } = template;
  const { issuerUID, subjectUID, extensions } = template;
  return seq(
    ...(version === null ? [] : [encodeImplicitNumber(0, version)]),
    ...(serialNumber === null ? [] : [contextPrimitive(1, serialNumber)]),
    ...(signingAlg === null ? [] : [retagged(signingAlg.der, FIELD.signingAlg)]),
    ...explicitOf(3, issuer, ({ der }) => der),
    ...(validity === null ? [] : [encodeValidity(validity)]),
    ...explicitOf(5, subject, ({ der }) => der),
    ...(publicKey === null ? [] : [retagged(publicKey.spki, FIELD.publicKey)]),
    ...(issuerUID === null ? [] : [contextPrimitive(7, issuerUID)]),
    ...(subjectUID === null ? [] : [contextPrimitive(8, subjectUID)]),
    ...(extensions.length === 0 ? [] : [contextConstructed(9, ...extensions.map(encodeExtension))]),
  );
}

function encodeValidity({ notBefore, notAfter }: NonNullable<CertTemplate['validity']>): Bytes {
  const encode = (number: number, at: Instant | null): readonly Bytes[] =>
    at === null ? [] : [encodeExplicit(number, encodeTime(toSecond(at)))];
  return contextConstructed(4, ...encode(0, notBefore), ...encode(1, notAfter));
}

/** ProofOfPossession (RFC 4211 section 4), whose module has implicit tags. */

const PROOF = {
  raVerified: contextTag(0, 'primitive'),
  signature: contextTag(1, 'constructed'),
  keyEncipherment: contextTag(2, 'constructed'),
  keyAgreement: contextTag(3, 'constructed'),
} as const;
const PROOF_TAGS: readonly number[] = Object.values(PROOF);

/** Whether an element is one of the alternatives; for use inside `parseDer`, as the others. */
function isProofTag(tag: number): boolean {
  return PROOF_TAGS.includes(tag);
}

function readProof(element: DerElement): ProofOfPossession {
  switch (element.tag) {
    case PROOF.raVerified:
      return element.content.length === 0
        ? { kind: 'raVerified' }
        : malformed(element, 'raVerified: NULL with content');
    case PROOF.signature:
      return readSigningKey(element);
    case PROOF.keyEncipherment:
      return { kind: 'keyEncipherment', method: readMethod(explicit(element, 'keyEncipherment')) };
    case PROOF.keyAgreement:
      return { kind: 'keyAgreement', method: readMethod(explicit(element, 'keyAgreement')) };
    default:
      return malformed(element, 'popo: no alternative of ProofOfPossession');
  }
}

/** POPOSigningKey (4.1). */
function readSigningKey(element: DerElement): ProofOfPossession {
  const fields = fieldsOf(element, 'signature');
  const input = fields.optional(contextTag(0, 'constructed'));
  const algorithm = readAlgorithmIdentifier(fields.next(TAG.sequence, 'algorithmIdentifier'), 'algorithmIdentifier');
  const signature = bitStringOctets(fields.next(TAG.bitString, 'signature'), 'signature');
  fields.end();
  return { kind: 'signature', poposkInput: input === null ? null : asSequence(input), algorithm, signature };
}

const METHOD = {
  thisMessage: contextTag(0, 'primitive'),
  subsequentMessage: contextTag(1, 'primitive'),
  dhMAC: contextTag(2, 'primitive'),
  agreeMAC: contextTag(3, 'constructed'),
  encryptedKey: contextTag(4, 'constructed'),
} as const;

const SUBSEQUENT_MESSAGES = ['encrCert', 'challengeResp'] as const;

/** POPOPrivKey (4.2). */
function readMethod(element: DerElement): PopPrivKeyMethod {
  const der = element.whole;
  switch (element.tag) {
    case METHOD.thisMessage:
      bitString(element, 'thisMessage', METHOD.thisMessage);
      return { kind: 'thisMessage', der };
    case METHOD.subsequentMessage: {
      const message = SUBSEQUENT_MESSAGES[wholeNumber(element, 'subsequentMessage', METHOD.subsequentMessage)];
      if (message === undefined) return malformed(element, 'subsequentMessage: neither encrCert nor challengeResp');
      return { kind: 'subsequentMessage', message };
    }
    case METHOD.dhMAC:
      bitString(element, 'dhMAC', METHOD.dhMAC);
      return { kind: 'dhMAC', der };
    case METHOD.agreeMAC:
      return { kind: 'agreeMAC', der };
    case METHOD.encryptedKey:
      return { kind: 'encryptedKey', der };
    default:
      return malformed(element, 'popo: no alternative of POPOPrivKey');
  }
}

function encodeProof(proof: ProofOfPossession): Bytes {
  switch (proof.kind) {
    case 'raVerified':
      return contextPrimitive(0, new Uint8Array());
    case 'signature': {
      const { poposkInput, algorithm, signature } = proof;
      const input = poposkInput === null ? [] : [retagged(poposkInput, contextTag(0, 'constructed'))];
      return contextConstructed(1, ...input, algorithm.der, encodeBitString(signature));
    }
    case 'keyEncipherment':
      return encodeExplicit(2, encodeMethod(proof.method));
    case 'keyAgreement':
      return encodeExplicit(3, encodeMethod(proof.method));
  }
}

function encodeMethod(method: PopPrivKeyMethod): Bytes {
  if (method.kind !== 'subsequentMessage') return method.der;
  return encodeImplicitNumber(1, SUBSEQUENT_MESSAGES.indexOf(method.message));
}

/** CertReqMessages (RFC 4211 section 3): the content of ir, cr and kur. */

/** For use inside `parseDer`. */
export function readCertReqMessages(element: DerElement): readonly CertReqMsg[] {
  return atLeastOne(element, 'certReqMessages').map(readCertReqMsg);
}

function readCertReqMsg(element: DerElement): CertReqMsg {
  const fields = sequence(element, 'certReqMsg');
  const request = readCertRequest(fields.next(TAG.sequence, 'certReq'));
  // regInfo has the tag of a SEQUENCE, and each alternative of popo has one of its own.
  const second = fields.more() ? fields.any('popo') : null;
  const isProof = second !== null && isProofTag(second.tag);
  const regInfo = isProof ? fields.optional(TAG.sequence) : second;
  fields.end();
  if (regInfo !== null) readControls(regInfo, 'regInfo');
  return { request, proof: isProof ? readProof(second) : null };
}

function readCertRequest(element: DerElement): CertRequest {
  const fields = sequence(element, 'certReq');
  const certReqId = wholeNumber(fields.next(TAG.integer, 'certReqId'), 'certReqId');
  const template = readCertTemplate(fields.next(TAG.sequence, 'certTemplate'));
  const controls = fields.optional(TAG.sequence);
  fields.end();
  return {
    der: element.whole,
    certReqId,
    template,
    controls: controls === null ? [] : readControls(controls, 'controls'),
  };
}

/** Controls, and other lists of AttributeTypeAndValue: at least one, each with its value. */
function readControls(element: DerElement, what: string): readonly InfoTypeAndValue[] {
  return atLeastOne(element, what).map((member) => {
    const fields = sequence(member, what);
    const oid = objectIdentifier(fields.next(TAG.oid, 'type'), 'type');
    const value = fields.any('value').whole;
    fields.end();
    return { oid, value };
  });
}

export function encodeCertReqMessages(messages: readonly CertReqMsg[]): Bytes {
  return seq(
    ...messages.map(({ request, proof }) => seq(request.der, ...(proof === null ? [] : [encodeProof(proof)]))),
  );
}

/** A CertRequest with its encoding, which is what a signature as proof of possession covers. */
export function certRequest({ certReqId, template, controls }: Omit<CertRequest, 'der'>): CertRequest {
  const der = seq(
    encodeWholeNumber(certReqId),
    encodeCertTemplate(template),
    ...(controls.length === 0 ? [] : [encodeControls(controls)]),
  );
  return { der, certReqId, template, controls };
}

function encodeControls(controls: readonly InfoTypeAndValue[]): Bytes {
  return seq(...controls.map(encodeInfoTypeAndValue));
}
