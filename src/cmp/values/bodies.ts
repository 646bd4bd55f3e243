/** The content of each body: what is inside the tag of PKIBody (RFC 9810 5.1.2). */
import { bitStringOctets, type DerElement, nullValue, sequence, sequenceOf, TAG } from '../../asn1/der-reader.js';
import { nullValue as encodeNull, seq } from '../../asn1/der-writer.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import { encodeCertReqMessages, readCertReqMessages } from '../crmf/cert-req-messages.js';
import { atLeastOne, encodeInfoTypeAndValue, opaqueSequence, readInfoTypeAndValue } from '../elements.js';
import { parse } from '../fail-info.js';
import { BODY_KINDS, type BodyKind, type BodyValues, type CmpFault, type InfoTypeAndValue } from '../model.js';
import { encodeCertConfirm, readCertConfirm } from './cert-confirm.js';
import { encodeCertRepMessage, readCertRepMessage } from './cert-rep-message.js';
import { encodeErrorMessage, readErrorMessage } from './error-message.js';
import { encodePollAnswer, encodePollRequest, readPollAnswer, readPollRequest } from './polling.js';
import { encodeRevRepContent, encodeRevReqContent, readRevRepContent, readRevReqContent } from './revocation.js';

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
