/** CertConfirmContent (RFC 9810 5.3.18). */
import {
  bitStringOctets,
  contextTag,
  type DerElement,
  explicit,
  integerOctets,
  malformed,
  nullValue,
  octetString,
  sequence,
  sequenceOf,
  TAG,
} from '../asn1/der-reader.js';
import {
  explicit as encodeExplicit,
  nullValue as encodeNull,
  octetString as encodeOctetString,
  integer,
  seq,
  tagged,
} from '../asn1/der-writer.js';
import type { Bytes } from '../kernel/bytes.js';
import type { Result } from '../kernel/result.js';
import {
  encodeCertReqMessages,
  encodeCertTemplate,
  encodeExtensionList,
  readCertReqMessages,
  readCertTemplate,
  readExtensionList,
} from './crmf.js';
import {
  asSequence,
  atLeastOne,
  encodeFreeText,
  encodeInfoTypeAndValue,
  encodeWholeNumber,
  explicitOf,
  opaqueSequence,
  optionalExplicit,
  readAlgorithmIdentifier,
  readFreeText,
  readGeneralName,
  readInfoTypeAndValue,
  retagged,
  wholeNumber,
} from './elements.js';
import {
  BODY_KINDS,
  type BodyKind,
  type BodyValues,
  type CertId,
  type CertOrEncCert,
  type CertRepMessage,
  type CertResponse,
  type CertStatus,
  type CmpFault,
  type ErrorMessage,
  type InfoTypeAndValue,
  type PollAnswer,
  type RevDetails,
  type RevRepContent,
} from './model.js';
import { encodeStatusInfo, parse, readStatusInfo } from './status-info.js';

/** For use inside `parseDer`. No element at all rejects the certificate (RFC 9810 5.3.18). */
function readCertConfirm(element: DerElement): readonly CertStatus[] {
  return sequenceOf(element, 'certConf').map((member) => {
    const fields = sequence(member, 'certStatus');
    const certHash = octetString(fields.next(TAG.octetString, 'certHash'), 'certHash');
    const certReqId = wholeNumber(fields.next(TAG.integer, 'certReqId'), 'certReqId');
    const status = fields.optional(TAG.sequence);
    const hashAlg = optionalExplicit(fields, { number: 0, what: 'hashAlg' }, readAlgorithmIdentifier);
    fields.end();
    return { certHash, certReqId, status: status === null ? null : readStatusInfo(status, 'statusInfo'), hashAlg };
  });
}

function encodeCertConfirm(statuses: readonly CertStatus[]): Bytes {
  return seq(
    ...statuses.map(({ certHash, certReqId, status, hashAlg }) =>
      seq(
        encodeOctetString(certHash),
        encodeWholeNumber(certReqId),
        ...(status === null ? [] : [encodeStatusInfo(status)]),
        ...explicitOf(0, hashAlg, ({ der }) => der),
      ),
    ),
  );
}

/** CertRepMessage (RFC 9810 5.3.4): the content of ip, cp and kup. */

/** For use inside `parseDer`. */
function readCertRepMessage(element: DerElement): CertRepMessage {
  const fields = sequence(element, 'certRepMessage');
  const caPubs = optionalExplicit(fields, { number: 1, what: 'caPubs' }, (inner, what) =>
    atLeastOne(inner, what).map((one) => opaqueSequence(one, what)),
  );
  const responses = sequenceOf(fields.next(TAG.sequence, 'response'), 'response').map(readCertResponse);
  fields.end();
  return { caPubs: caPubs ?? [], responses };
}

function readCertResponse(element: DerElement): CertResponse {
  const fields = sequence(element, 'certResponse');
  const certReqId = wholeNumber(fields.next(TAG.integer, 'certReqId'), 'certReqId');
  const status = readStatusInfo(fields.next(TAG.sequence, 'status'), 'status');
  const pair = fields.optional(TAG.sequence);
  fields.optional(TAG.octetString);
  fields.end();
  return { certReqId, status, certificate: pair === null ? null : readCertifiedKeyPair(pair) };
}

/** CertifiedKeyPair; privateKey and publicationInfo are not used here. */
function readCertifiedKeyPair(element: DerElement): CertOrEncCert {
  const fields = sequence(element, 'certifiedKeyPair');
  const certificate = readCertOrEncCert(fields.any('certOrEncCert'));
  fields.optional(contextTag(0, 'constructed'));
  fields.optional(contextTag(1, 'constructed'));
  fields.end();
  return certificate;
}

const ENVELOPED_DATA = contextTag(0, 'constructed');

function readCertOrEncCert(element: DerElement): CertOrEncCert {
  if (element.tag === contextTag(0, 'constructed'))
    return { kind: 'certificate', der: opaqueSequence(explicit(element, 'certificate'), 'certificate') };
  if (element.tag !== contextTag(1, 'constructed'))
    return malformed(element, 'certOrEncCert: neither certificate nor encryptedCert');
  const encrypted = explicit(element, 'encryptedCert');
  // EncryptedKey is of CRMF's module, which has implicit tags (RFC 4211 2.1).
  if (encrypted.tag === ENVELOPED_DATA) return { kind: 'envelopedData', der: asSequence(encrypted) };
  return { kind: 'encryptedValue', der: opaqueSequence(encrypted, 'encryptedCert') };
}

function encodeCertRepMessage({ caPubs, responses }: CertRepMessage): Bytes {
  return seq(
    ...explicitOf(1, caPubs, (certificates) => seq(...certificates)),
    seq(...responses.map(encodeCertResponse)),
  );
}

function encodeCertResponse({ certReqId, status, certificate }: CertResponse): Bytes {
  const pair = certificate === null ? [] : [seq(encodeCertOrEncCert(certificate))];
  return seq(encodeWholeNumber(certReqId), encodeStatusInfo(status), ...pair);
}

function encodeCertOrEncCert({ kind, der }: CertOrEncCert): Bytes {
  switch (kind) {
    case 'certificate':
      return encodeExplicit(0, der);
    case 'envelopedData':
      return encodeExplicit(1, retagged(der, ENVELOPED_DATA));
    case 'encryptedValue':
      return encodeExplicit(1, der);
  }
}

/** ErrorMsgContent (RFC 9810 5.3.21). */

/** For use inside `parseDer`. */
function readErrorMessage(element: DerElement): ErrorMessage {
  const fields = sequence(element, 'errorMsgContent');
  const status = readStatusInfo(fields.next(TAG.sequence, 'pKIStatusInfo'), 'pKIStatusInfo');
  const code = fields.optional(TAG.integer);
  const details = fields.optional(TAG.sequence);
  fields.end();
  return {
    status,
    errorCode: code === null ? null : wholeNumber(code, 'errorCode'),
    errorDetails: details === null ? [] : readFreeText(details, 'errorDetails'),
  };
}

function encodeErrorMessage({ status, errorCode, errorDetails }: ErrorMessage): Bytes {
  return seq(
    encodeStatusInfo(status),
    ...(errorCode === null ? [] : [encodeWholeNumber(errorCode)]),
    ...(errorDetails.length === 0 ? [] : [encodeFreeText(errorDetails)]),
  );
}

/** PollReqContent and PollRepContent (RFC 9810 5.3.22). */

/** The certReqId of each element. For use inside `parseDer`, as the other one. */
function readPollRequest(element: DerElement): readonly number[] {
  return sequenceOf(element, 'pollReq').map((member) => {
    const fields = sequence(member, 'pollReq');
    const certReqId = wholeNumber(fields.next(TAG.integer, 'certReqId'), 'certReqId');
    fields.end();
    return certReqId;
  });
}

function encodePollRequest(certReqIds: readonly number[]): Bytes {
  return seq(...certReqIds.map((certReqId) => seq(encodeWholeNumber(certReqId))));
}

function readPollAnswer(element: DerElement): readonly PollAnswer[] {
  return sequenceOf(element, 'pollRep').map((member) => {
    const fields = sequence(member, 'pollRep');
    const certReqId = wholeNumber(fields.next(TAG.integer, 'certReqId'), 'certReqId');
    const checkAfterSeconds = wholeNumber(fields.next(TAG.integer, 'checkAfter'), 'checkAfter');
    const reason = fields.optional(TAG.sequence);
    fields.end();
    return { certReqId, checkAfterSeconds, reason: reason === null ? [] : readFreeText(reason, 'reason') };
  });
}

function encodePollAnswer(answers: readonly PollAnswer[]): Bytes {
  return seq(
    ...answers.map(({ certReqId, checkAfterSeconds, reason }) =>
      seq(
        encodeWholeNumber(certReqId),
        integer(checkAfterSeconds),
        ...(reason.length === 0 ? [] : [encodeFreeText(reason)]),
      ),
    ),
  );
}

/** RevReqContent and RevRepContent (RFC 9810 5.3.9, 5.3.10). */

/** For use inside `parseDer`, as the others. */
function readRevReqContent(element: DerElement): readonly RevDetails[] {
  return sequenceOf(element, 'revReqContent').map((details) => {
    const fields = sequence(details, 'revDetails');
    const template = readCertTemplate(fields.next(TAG.sequence, 'certDetails'));
    const extensions = fields.optional(TAG.sequence);
    fields.end();
    return { template, crlEntryDetails: extensions === null ? [] : readExtensionList(extensions) };
  });
}

function encodeRevReqContent(details: readonly RevDetails[]): Bytes {
  return seq(
    ...details.map(({ template, crlEntryDetails: entry }) =>
      seq(encodeCertTemplate(template), ...(entry.length === 0 ? [] : [encodeExtensionList(entry)])),
    ),
  );
}

function readRevRepContent(element: DerElement): RevRepContent {
  const fields = sequence(element, 'revRepContent');
  const statuses = atLeastOne(fields.next(TAG.sequence, 'status'), 'status').map((one) =>
    readStatusInfo(one, 'status'),
  );
  const revCerts = optionalExplicit(fields, { number: 0, what: 'revCerts' }, (inner, what) =>
    atLeastOne(inner, what).map(readCertId),
  );
  const crls = optionalExplicit(fields, { number: 1, what: 'crls' }, (inner, what) =>
    atLeastOne(inner, what).map((crl) => opaqueSequence(crl, what)),
  );
  fields.end();
  return { statuses, revCerts: revCerts ?? [], crls: crls ?? [] };
}

function encodeRevRepContent({ statuses, revCerts, crls }: RevRepContent): Bytes {
  return seq(
    seq(...statuses.map(encodeStatusInfo)),
    ...explicitOf(0, revCerts, (ids) => seq(...ids.map(encodeCertId))),
    ...explicitOf(1, crls, (lists) => seq(...lists)),
  );
}

export function readCertId(element: DerElement): CertId {
  const fields = sequence(element, 'certId');
  const issuer = readGeneralName(fields.any('issuer'), 'issuer');
  const serialNumber = integerOctets(fields.next(TAG.integer, 'serialNumber'), 'serialNumber');
  fields.end();
  return { issuer, serialNumber };
}

export function encodeCertId({ issuer, serialNumber }: CertId): Bytes {
  return seq(issuer.der, tagged(TAG.integer, serialNumber));
}

/** The content of each body: what is inside the tag of PKIBody (RFC 9810 5.1.2). */

type BodyCodec<Value> = {
  readonly read: (root: DerElement) => Value;
  readonly encode: (value: Value) => Bytes;
};

const REQUESTS = { read: readCertReqMessages, encode: encodeCertReqMessages };
const RESPONSES = { read: readCertRepMessage, encode: encodeCertRepMessage };
const GENERAL = { read: readGeneralMessage, encode: encodeGeneralMessage };
/** Bodies that are refused whatever is in them. */
const UNREAD = { read: ({ whole }: DerElement): Bytes => whole, encode: (der: Bytes): Bytes => der };

const CODECS: { readonly [Kind in BodyKind]: BodyCodec<BodyValues[Kind]> } = {
  ir: REQUESTS,
  ip: RESPONSES,
  cr: REQUESTS,
  cp: RESPONSES,
  p10cr: { read: readCertificationRequest, encode: (der) => der },
  popdecc: UNREAD,
  popdecr: UNREAD,
  kur: REQUESTS,
  kup: RESPONSES,
  krr: UNREAD,
  krp: UNREAD,
  rr: { read: readRevReqContent, encode: encodeRevReqContent },
  rp: { read: readRevRepContent, encode: encodeRevRepContent },
  ccr: UNREAD,
  ccp: UNREAD,
  ckuann: UNREAD,
  cann: UNREAD,
  rann: UNREAD,
  crlann: UNREAD,
  pkiconf: { read: readConfirm, encode: encodeNull },
  nested: { read: readMessages, encode: (messages) => seq(...messages) },
  genm: GENERAL,
  genp: GENERAL,
  error: { read: readErrorMessage, encode: encodeErrorMessage },
  certConf: { read: readCertConfirm, encode: encodeCertConfirm },
  pollReq: { read: readPollRequest, encode: encodePollRequest },
  pollRep: { read: readPollAnswer, encode: encodePollAnswer },
};

/** `content`: DER inside the tag of the body, as `PkiMessage.bodyContent`. */
export const decodeBody = Object.fromEntries(
  BODY_KINDS.map((kind) => [kind, (content: Bytes) => parse<unknown>(content, CODECS[kind].read, 'body')]),
) as { readonly [Kind in BodyKind]: (content: Bytes) => Result<BodyValues[Kind], CmpFault> };

/** Returns the DER for `UnprotectedMessage.bodyContent`. */
export const encodeBody = Object.fromEntries(BODY_KINDS.map((kind) => [kind, CODECS[kind].encode])) as {
  readonly [Kind in BodyKind]: (value: BodyValues[Kind]) => Bytes;
};

/** The three parts of a PKCS#10. `readCertificationRequestDer` reads what is in them. */
function readCertificationRequest(root: DerElement): Bytes {
  const fields = sequence(root, 'certificationRequest');
  fields.next(TAG.sequence, 'certificationRequestInfo');
  fields.next(TAG.sequence, 'signatureAlgorithm');
  bitStringOctets(fields.next(TAG.bitString, 'signature'), 'signature');
  fields.end();
  return root.whole;
}

function readConfirm(root: DerElement): null {
  nullValue(root, 'pkiconf');
  return null;
}

/** PKIMessages (5.1.3.4). */
function readMessages(root: DerElement): readonly Bytes[] {
  return atLeastOne(root, 'nested').map((message) => opaqueSequence(message, 'nested'));
}

function readGeneralMessage(root: DerElement): readonly InfoTypeAndValue[] {
  return sequenceOf(root, 'genMsgContent').map(readInfoTypeAndValue);
}

function encodeGeneralMessage(items: readonly InfoTypeAndValue[]): Bytes {
  return seq(...items.map(encodeInfoTypeAndValue));
}
