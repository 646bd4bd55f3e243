/** CertTemplate (RFC 4211 section 5), whose module has implicit tags. */
import {
  bitString,
  boolean,
  contextTag,
  type DerElement,
  fieldsOf,
  integerOctets,
  malformed,
  objectIdentifier,
  octetString,
  sequence,
  TAG,
  time,
} from '../../asn1/der-reader.js';
import {
  contextConstructed,
  contextPrimitive,
  explicit as encodeExplicit,
  time as encodeTime,
  seq,
} from '../../asn1/der-writer.js';
import type { Bytes } from '../../kernel/bytes.js';
import { type Instant, toSecond } from '../../kernel/clock.js';
import { encodeExtension } from '../../x509/certificate/extension-writer.js';
import type { Extension } from '../../x509/model.js';
import {
  asSequence,
  atLeastOne,
  encodeImplicitNumber,
  explicitOf,
  optionalExplicit,
  readAlgorithmFields,
  readAlgorithmIdentifier,
  readNameValue,
  retagged,
  wholeNumber,
} from '../elements.js';
import type { CertTemplate, PublicKeyValue } from '../model.js';

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
