/**
 * PKIMessage (RFC 9810 5.1): check A1, strict DER of the whole message and the types of the ASN.1
 * module. What is signed keeps the octets that were received.
 */
import { readHeader as readTagAndLength } from '../asn1/der-element.js';
import {
  bitStringOctets,
  children,
  contextTag,
  type DerElement,
  expectTag,
  explicit,
  malformed,
  sequence,
  sequenceOf,
  TAG,
} from '../asn1/der-reader.js';
import { bitString, contextConstructed, explicit as encodeExplicit, seq } from '../asn1/der-writer.js';
import { present } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import { err, type Result } from '../kernel/result.js';
import { decodeBody } from './bodies.js';
import { atLeastOne, opaqueSequence } from './elements.js';
import { checkValue } from './encoding.js';
import { encodeHeader, readHeader, readHeaderOfMalformed } from './header.js';
import {
  BODY_KINDS,
  type BodyKind,
  type CmpFault,
  type PkiHeader,
  type PkiMessage,
  type UnprotectedMessage,
} from './model.js';
import { parse } from './status-info.js';

const EXTRA_CERTS_MAX = 16;

/**
 * A message that is refused as badDataFormat. `header`: what could be read of it, for the answer;
 * null: no header was found, so that no PKIMessage can answer. `bodyKind`: null: the fault is not
 * in the content of the body.
 */
type MessageFault = CmpFault & { readonly header: PkiHeader | null; readonly bodyKind: BodyKind | null };

/** Reads one whole message and the content of its body, whose fault is the message's. */
export function decodeMessage(octets: Bytes): Result<PkiMessage, MessageFault> {
  const message = readWhole(octets);
  return message.ok ? message : err({ ...message.error, header: readHeaderOfMalformed(octets) });
}

function readWhole(octets: Bytes): Result<PkiMessage, Omit<MessageFault, 'header'>> {
  const encoding = parse(octets, checkEncoding);
  const message = encoding.ok ? parse(octets, readMessage) : encoding;
  if (!message.ok) return err({ ...message.error, bodyKind: null });
  const { bodyKind, bodyContent } = message.value;
  const content = decodeBody[bodyKind](bodyContent);
  return content.ok ? message : err({ ...content.error, bodyKind });
}

function readMessage(root: DerElement): PkiMessage {
  const fields = sequence(root, 'pkiMessage');
  const header = fields.next(TAG.sequence, 'header');
  const body = fields.any('body');
  const protection = fields.optional(contextTag(0, 'constructed'));
  const extraCerts = fields.optional(contextTag(1, 'constructed'));
  fields.end();
  return {
    octets: root.whole,
    header: readHeader(header),
    bodyKind: bodyKindOf(body),
    bodyContent: explicit(body, 'body').whole,
    protectedPart: seq(header.whole, body.whole),
    protection: protection === null ? null : bitStringOctets(explicit(protection, 'protection'), 'protection'),
    extraCerts: extraCerts === null ? [] : readExtraCerts(explicit(extraCerts, 'extraCerts')),
  };
}

function bodyKindOf(element: DerElement): BodyKind {
  const kind = BODY_KINDS.find((_, number) => element.tag === contextTag(number, 'constructed'));
  return kind ?? malformed(element, 'body: no alternative of PKIBody');
}

function readExtraCerts(element: DerElement): readonly Bytes[] {
  const certificates = atLeastOne(element, 'extraCerts').map((one) => opaqueSequence(one, 'extraCerts'));
  return certificates.length <= EXTRA_CERTS_MAX
    ? certificates
    : malformed(element, `extraCerts: more than ${EXTRA_CERTS_MAX}`);
}

const NESTED = contextTag(BODY_KINDS.indexOf('nested'), 'constructed');

/**
 * Walks through every value, so that parts which nobody reads are DER too. Messages inside a nested
 * one are not entered: each has limits of its own when it is decoded.
 */
function checkEncoding(root: DerElement): void {
  for (const part of children(root)) {
    if (part.tag === NESTED) {
      for (const message of sequenceOf(explicit(part, 'body'), 'nested')) expectTag(message, TAG.sequence, 'nested');
    } else checkValue(part);
  }
}

/** ProtectedPart, DER: what a signature or MAC is computed over (RFC 9810 5.1.3). */
export function encodeProtectedPart({ header, bodyKind, bodyContent }: UnprotectedMessage): Bytes {
  return seq(encodeHeader(header), contextConstructed(BODY_KINDS.indexOf(bodyKind), bodyContent));
}

/** The whole message around a protected part. `protection`: content octets of the BIT STRING. */
export function encodeMessage(
  protectedPart: Bytes,
  { protection, extraCerts }: Pick<PkiMessage, 'protection' | 'extraCerts'>,
): Bytes {
  return seq(
    contentOf(protectedPart),
    ...(protection === null ? [] : [encodeExplicit(0, bitString(protection))]),
    ...(extraCerts.length === 0 ? [] : [encodeExplicit(1, seq(...extraCerts))]),
  );
}

function contentOf(sequenceDer: Bytes): Bytes {
  const read = readTagAndLength(sequenceDer, 0);
  return sequenceDer.subarray(present(read.ok ? read.value : null, 'a SEQUENCE').headerLength);
}
