/** PKIHeader (RFC 9810 5.1.1). */
import { readHeader as readTagAndLength } from '../asn1/der-element.js';
import {
  children,
  contextTag,
  type DerElement,
  expectTag,
  explicit,
  malformed,
  octetString,
  parseDer,
  sequence,
  TAG,
} from '../asn1/der-reader.js';
import { octetString as encodeOctetString, generalizedTime as encodeTime, integer, seq } from '../asn1/der-writer.js';
import { type Bytes, latin1 } from '../kernel/bytes.js';
import { type Instant, parseInstant, toSecond } from '../kernel/clock.js';
import {
  atLeastOne,
  encodeFreeText,
  encodeInfoTypeAndValue,
  explicitOf,
  optionalExplicit,
  readAlgorithmIdentifier,
  readFreeText,
  readGeneralName,
  readInfoTypeAndValue,
  wholeNumber,
} from './elements.js';
import { checkValue } from './encoding.js';
import type { InfoTypeAndValue, PkiHeader } from './model.js';

/** The versions of CMP (RFC 9810 section 7). */

const VERSION_MIN = 2;
const VERSION_MAX = 3;

export function isVersionServed(pvno: number): boolean {
  return pvno >= VERSION_MIN && pvno <= VERSION_MAX;
}

/** The pvno of the answer: that of the request, or the nearest that is served. */
export function answerVersion(pvno: number): number {
  return Math.min(VERSION_MAX, Math.max(VERSION_MIN, pvno));
}

const HEADER_LIMITS = { freeTextStringsMax: 4, generalInfoItemsMax: 16 } as const;

/** The fields after the recipient: each has its number as an explicit tag, and is optional. */
type OptionalFields = Omit<PkiHeader, 'pvno' | 'sender' | 'recipient'>;

const FIELDS = {
  messageTime: { number: 0, read: readMessageTime },
  protectionAlg: { number: 1, read: readAlgorithmIdentifier },
  senderKID: { number: 2, read: octetString },
  recipKID: { number: 3, read: octetString },
  transactionID: { number: 4, read: octetString },
  senderNonce: { number: 5, read: octetString },
  recipNonce: { number: 6, read: octetString },
  freeText: { number: 7, read: readHeaderText },
  generalInfo: { number: 8, read: readGeneralInfo },
} as const satisfies {
  readonly [Field in keyof OptionalFields]: {
    readonly number: number;
    readonly read: (element: DerElement, what: string) => NonNullable<OptionalFields[Field]>;
  };
};

type ReadField = <Field extends keyof OptionalFields>(
  field: Field,
) => ReturnType<(typeof FIELDS)[Field]['read']> | null;

/** For use inside `parseDer`. */
export function readHeader(element: DerElement): PkiHeader {
  const fields = sequence(element, 'header');
  const pvno = wholeNumber(fields.next(TAG.integer, 'pvno'), 'pvno');
  const sender = readGeneralName(fields.any('sender'), 'sender');
  const recipient = readGeneralName(fields.any('recipient'), 'recipient');
  const read = optionalFields((field) => {
    const { number, read } = FIELDS[field];
    // The table gives each field the reader of its own type.
    return optionalExplicit<unknown>(fields, { number, what: field }, read) as never;
  });
  fields.end();
  return { pvno, sender, recipient, ...read };
}

/** Calls `read` for the fields in the order of the header. */
function optionalFields(read: ReadField): OptionalFields {
  return {
    messageTime: read('messageTime'),
    protectionAlg: read('protectionAlg'),
    senderKID: read('senderKID'),
    recipKID: read('recipKID'),
    transactionID: read('transactionID'),
    senderNonce: read('senderNonce'),
    recipNonce: read('recipNonce'),
    freeText: read('freeText') ?? [],
    generalInfo: read('generalInfo') ?? [],
  };
}

/**
 * GeneralizedTime in DER (X.690 11.7): seconds, `Z`, and perhaps a fraction that does not end in a
 * zero. What is beyond milliseconds is cut off.
 */
function readMessageTime(element: DerElement, what: string): Instant {
  const written = latin1(expectTag(element, TAG.generalizedTime, what).content);
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{0,11}[1-9]))?Z$/.exec(written);
  if (parts === null) malformed(element, `${what}: not a GeneralizedTime in DER`);
  const [, year, month, day, hour, minute, second, fraction = ''] = parts;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  const at = parseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`);
  return at ?? malformed(element, `${what}: no such day or time`);
}

function readHeaderText(element: DerElement, what: string): readonly string[] {
  const strings = readFreeText(element, what);
  const { freeTextStringsMax } = HEADER_LIMITS;
  return strings.length <= freeTextStringsMax
    ? strings
    : malformed(element, `${what}: more than ${freeTextStringsMax} strings`);
}

function readGeneralInfo(element: DerElement, what: string): readonly InfoTypeAndValue[] {
  const items = atLeastOne(element, what).map(readInfoTypeAndValue);
  const { generalInfoItemsMax } = HEADER_LIMITS;
  return items.length <= generalInfoItemsMax
    ? items
    : malformed(element, `${what}: more than ${generalInfoItemsMax} items`);
}

export function encodeHeader(header: PkiHeader): Bytes {
  const { pvno, sender, recipient, messageTime } = header;
  return seq(
    integer(pvno),
    sender.der,
    recipient.der,
    ...explicitOf(0, messageTime, (at) => encodeTime(toSecond(at))),
    ...explicitOf(1, header.protectionAlg, ({ der }) => der),
    ...explicitOf(2, header.senderKID, encodeOctetString),
    ...explicitOf(3, header.recipKID, encodeOctetString),
    ...explicitOf(4, header.transactionID, encodeOctetString),
    ...explicitOf(5, header.senderNonce, encodeOctetString),
    ...explicitOf(6, header.recipNonce, encodeOctetString),
    ...explicitOf(7, header.freeText, encodeFreeText),
    ...explicitOf(8, header.generalInfo, (items) => seq(...items.map(encodeInfoTypeAndValue))),
  );
}

/**
 * The header of octets that are no PKIMessage, so that their sender gets an error message that it
 * can match with its request. Optional fields that cannot be read are absent. null: sender or
 * recipient cannot be read, or the header is cut off.
 */
export function readHeaderOfMalformed(octets: Bytes): PkiHeader | null {
  const message = readTagAndLength(octets, 0);
  if (!message.ok || message.value.tag !== TAG.sequence) return null;
  const at = message.value.headerLength;
  const header = readTagAndLength(octets, at);
  if (!header.ok || header.value.tag !== TAG.sequence) return null;
  const end = at + header.value.headerLength + header.value.contentLength;
  if (end > octets.length) return null;
  const read = parseDer(octets.subarray(at, end), readWhatCanBeRead);
  return read.ok ? read.value : null;
}

function readWhatCanBeRead(element: DerElement): PkiHeader {
  const [pvno, sender, recipient, ...others] = children(element);
  if (pvno === undefined || sender === undefined || recipient === undefined)
    return malformed(element, 'header: a member is missing');
  // The answer repeats the octets of the sender as its recipient.
  checkValue(sender);
  return {
    pvno: wholeNumber(pvno, 'pvno'),
    sender: readGeneralName(sender, 'sender'),
    recipient: readGeneralName(recipient, 'recipient'),
    ...optionalFields((field) => {
      const { number, read } = FIELDS[field];
      const found = others.find(({ tag }) => tag === contextTag(number, 'constructed'));
      if (found === undefined) return null;
      const value = parseDer<unknown>(found.whole, (whole) => read(explicit(whole, field), field));
      return (value.ok ? value.value : null) as never;
    }),
  };
}
