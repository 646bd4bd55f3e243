/**
 * Strict DER reader (X.690 section 10 and 11): definite minimal lengths, minimal integers, canonical booleans, bit strings,
 * object identifiers, times and SET OF order. Bounded in depth and in number of elements, so that hostile input costs no more
 * than honest input. Nothing here knows the writer: tests compare the two with OpenSSL and pkijs.
 *
 * Inside a `parseDer` callback every helper may give up by throwing; `parseDer` alone turns that into a value.
 */
import { type Bytes, compareBytes, latin1 } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import { LIMITS } from '../kernel/limits.js';
import { err, ok, type Result } from '../kernel/result.js';
import { type Element, elementAt, Malformed, type MalformedAt } from './der-element.js';
import { dottedDecimal } from './object-identifier.js';

/** Identifier octets of the universal types that certificates, CRLs and OCSP messages use. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Identifier octet of `[n]`, primitive or constructed. */
export function contextTag(number: number, form: 'primitive' | 'constructed'): number {
  return 0x80 | (form === 'constructed' ? 0x20 : 0) | number;
}

/** What is read, element by element. */
export type DerElement = Element;
export type DerFailure = MalformedAt;

/** For parsers built on this reader: the structure is well-formed DER and still not what the standard says. */
export function malformed(at: { readonly offset: number }, rule: string): never {
  throw new Malformed(at.offset, rule);
}

/** Reads the one element that `bytes` is, without a trailing octet, and hands it to `read`. */
export function parseDer<Value>(bytes: Bytes, read: (root: DerElement) => Value): Result<Value, DerFailure> {
  try {
    // A Buffer's slices are views and its prototype is another: what is handed out are plain octets whatever came in.
    const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const budget = { elementsLeft: LIMITS.derElementsMax };
    const root = elementAt({ bytes: plain, end: plain.length, depth: 0, budget }, 0);
    if (root.end !== bytes.length) throw new Malformed(root.end, 'trailing octets after the value');
    return ok(read(root));
  } catch (error) {
    if (error instanceof Malformed) return err(error.failure);
    throw error;
  }
}

/** The elements inside a constructed one. */
export function children(element: DerElement): readonly DerElement[] {
  if ((element.tag & 0x20) === 0) malformed(element, 'primitive where a constructed value is expected');
  const { bytes, contentAt, end, depth, budget } = element;
  const window = { bytes, end, depth: depth + 1, budget };
  const found: DerElement[] = [];
  for (let at = contentAt; at < end; ) {
    const child = elementAt(window, at);
    found.push(child);
    at = child.end;
  }
  return found;
}

export function expectTag(element: DerElement, tag: number, what: string): DerElement {
  if (element.tag !== tag) malformed(element, `${what}: tag ${hexTag(tag)} expected, ${hexTag(element.tag)} found`);
  return element;
}

function hexTag(tag: number): string {
  return `0x${tag.toString(16).padStart(2, '0')}`;
}

/** Walks the members of a SEQUENCE in their order; `end` refuses what is left over. */
export type Fields = {
  /** The next member, which must have this tag. */
  readonly next: (tag: number, what: string) => DerElement;
  /** The next member whatever its tag (ANY, CHOICE). */
  readonly any: (what: string) => DerElement;
  /** The next member if it has this tag; null otherwise (OPTIONAL, DEFAULT). */
  readonly optional: (tag: number) => DerElement | null;
  readonly more: () => boolean;
  readonly end: () => void;
};

export function sequence(element: DerElement, what: string): Fields {
  return fieldsOf(expectTag(element, TAG.sequence, what), what);
}

/** The same for an implicitly tagged SEQUENCE, whose tag the caller has checked. */
export function fieldsOf(element: DerElement, what: string): Fields {
  const members = children(element);
  let at = 0;
  const take = (): DerElement => {
    const member = members[at];
    if (member === undefined) malformed(element, `${what}: a member is missing`);
    at += 1;
    return member;
  };
  return {
    next: (tag, name) => expectTag(take(), tag, name),
    any: take,
    optional: (tag) => (members[at]?.tag === tag ? take() : null),
    more: () => at < members.length,
    end: () => {
      const extra = members[at];
      if (extra !== undefined) malformed(extra, `${what}: a member too many`);
    },
  };
}

/** SEQUENCE OF. */
export function sequenceOf(element: DerElement, what: string): readonly DerElement[] {
  return children(expectTag(element, TAG.sequence, what));
}

/** SET OF: members in ascending order of their encodings (X.690 11.6), none twice. `tag` for implicit ones. */
export function setOf(element: DerElement, what: string, tag: number = TAG.set): readonly DerElement[] {
  const members = children(expectTag(element, tag, what));
  members.forEach((member, at) => {
    const before = members[at - 1];
    if (before && compareBytes(before.whole, member.whole) >= 0) malformed(member, `${what}: SET OF not in order`);
  });
  return members;
}

/** The one element inside `[n] EXPLICIT`. */
export function explicit(element: DerElement, what: string): DerElement {
  const [inner, extra] = children(element);
  if (inner === undefined || extra !== undefined)
    malformed(element, `${what}: exactly one value expected in an explicit tag`);
  return inner;
}

/** Content octets of an INTEGER or ENUMERATED, minimal two's complement (X.690 8.3.2). `tag` for implicit ones. */
export function integerOctets(element: DerElement, what: string, tag: number = TAG.integer): Bytes {
  const { content } = expectTag(element, tag, what);
  const [first, second] = content;
  if (first === undefined) malformed(element, `${what}: INTEGER without content`);
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
    malformed(element, `${what}: INTEGER not in the fewest octets`);
  return content;
}

/** An INTEGER that is not negative and that a number holds exactly (below 2^53): versions, counts, CRL numbers. */
export function smallInteger(element: DerElement, what: string, tag: number = TAG.integer): number {
  const octets = integerOctets(element, what, tag);
  if ((octets[0] as number) >= 0x80) malformed(element, `${what}: negative`);
  const value = octets.length > 7 ? Infinity : octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return Number.isSafeInteger(value) ? value : malformed(element, `${what}: too large`);
}

/** `tag` for implicit ones. */
export function boolean(element: DerElement, what: string, tag: number = TAG.boolean): boolean {
  const { content } = expectTag(element, tag, what);
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff))
    malformed(element, `${what}: BOOLEAN not 00 or FF`);
  return content[0] === 0xff;
}

export function octetString(element: DerElement, what: string): Bytes {
  return expectTag(element, TAG.octetString, what).content;
}

/** A BIT STRING; unused bits are zero (X.690 11.2.1). `tag` for implicit ones. */
export function bitString(
  element: DerElement,
  what: string,
  tag: number = TAG.bitString,
): { readonly bytes: Bytes; readonly unusedBits: number } {
  const { content } = expectTag(element, tag, what);
  const unusedBits = content[0];
  const last = content[content.length - 1];
  if (unusedBits === undefined || last === undefined || unusedBits > 7 || (unusedBits > 0 && content.length === 1))
    malformed(element, `${what}: BIT STRING malformed`);
  if (content.length > 1 && (last & ((1 << unusedBits) - 1)) !== 0) malformed(element, `${what}: unused bits not zero`);
  return { bytes: content.subarray(1), unusedBits };
}

/** A BIT STRING of whole octets: keys and signatures. */
export function bitStringOctets(element: DerElement, what: string): Bytes {
  const { bytes, unusedBits } = bitString(element, what);
  if (unusedBits !== 0) malformed(element, `${what}: whole octets expected`);
  return bytes;
}

/** Numbers of the bits that are set; no trailing zero bits (X.690 11.2.2), so the empty list is the empty string. */
export function namedBits(element: DerElement, what: string, tag: number = TAG.bitString): readonly number[] {
  const { bytes, unusedBits } = bitString(element, what, tag);
  const last = bytes[bytes.length - 1];
  if (last !== undefined && ((last >> unusedBits) & 1) === 0) malformed(element, `${what}: trailing zero bits`);
  const set: number[] = [];
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    if (((bytes[bit >> 3] as number) >> (7 - (bit & 7))) & 1) set.push(bit);
  }
  return set;
}

/** Dotted decimal. Arcs in the fewest octets (X.690 8.19.2), each below 2^48. `tag` for implicit ones. */
export function objectIdentifier(element: DerElement, what: string, tag: number = TAG.oid): string {
  const read = dottedDecimal(expectTag(element, tag, what).content);
  return read.ok ? read.value : malformed(element, `${what}: ${read.error}`);
}

export function nullValue(element: DerElement, what: string): void {
  if (expectTag(element, TAG.null, what).content.length !== 0) malformed(element, `${what}: NULL with content`);
}

export type TextForm =
  | 'utf8String'
  | 'printableString'
  | 'ia5String'
  | 'teletexString'
  | 'bmpString'
  | 'universalString';
const TEXT_FORMS: ReadonlyMap<number, TextForm> = new Map([
  [TAG.utf8String, 'utf8String'],
  [TAG.printableString, 'printableString'],
  [TAG.ia5String, 'ia5String'],
  [TAG.teletexString, 'teletexString'],
  [TAG.bmpString, 'bmpString'],
  [TAG.universalString, 'universalString'],
]);

const ALPHABETS = { PrintableString: /^[A-Za-z0-9 '()+,\-./:=?]*$/, IA5String: /^[ -~]*$/ } as const;

/** A string of any form, decoded where the alphabet is one that RFC 5280 lets a CA write: others are refused. */
export function text(element: DerElement, what: string): { readonly form: TextForm; readonly value: string } {
  const form = TEXT_FORMS.get(element.tag);
  if (form === undefined) malformed(element, `${what}: not a string`);
  switch (form) {
    case 'utf8String':
      return { form, value: utf8Text(element, what) };
    case 'printableString':
      return { form, value: asciiText(element, what, 'PrintableString') };
    case 'ia5String':
      return { form, value: asciiText(element, what, 'IA5String') };
    default:
      return malformed(element, `${what}: ${form} is not written by anyone since RFC 3280`);
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function utf8Text(element: DerElement, what: string): string {
  try {
    return UTF8.decode(element.content);
  } catch {
    return malformed(element, `${what}: not UTF-8`);
  }
}

function asciiText(element: DerElement, what: string, form: keyof typeof ALPHABETS): string {
  const value = latin1(element.content);
  return ALPHABETS[form].test(value) ? value : malformed(element, `${what}: not in the ${form} alphabet`);
}

/** The characters of an implicitly tagged IA5String: `[1]`, `[2]` and `[6]` of GeneralName. */
export function ia5Content(element: DerElement, what: string): string {
  return asciiText(element, what, 'IA5String');
}

/** UTCTime or GeneralizedTime as RFC 5280 4.1.2.5 profiles them: seconds present, `Z`, no fraction. */
export function time(
  element: DerElement,
  what: string,
): { readonly form: 'utcTime' | 'generalizedTime'; readonly at: Instant } {
  const value = latin1(element.content);
  if (element.tag === TAG.utcTime && /^\d{12}Z$/.test(value)) {
    const year = Number(value.slice(0, 2));
    return { form: 'utcTime', at: instantOf(element, `${year < 50 ? 20 : 19}${value}`, what) };
  }
  if (element.tag === TAG.generalizedTime && /^\d{14}Z$/.test(value)) {
    return { form: 'generalizedTime', at: instantOf(element, value, what) };
  }
  return malformed(element, `${what}: not a time as RFC 5280 4.1.2.5 writes it`);
}

/** A GeneralizedTime alone: CRL invalidityDate, all times of OCSP. `tag` for implicit ones. */
export function generalizedTime(element: DerElement, what: string, tag: number = TAG.generalizedTime): Instant {
  expectTag(element, tag, what);
  const value = latin1(element.content);
  if (!/^\d{14}Z$/.test(value)) malformed(element, `${what}: not a GeneralizedTime with seconds and Z`);
  return instantOf(element, value, what);
}

function instantOf(element: DerElement, digits: string, what: string): Instant {
  const part = (from: number, length = 2): number => Number(digits.slice(from, from + length));
  const at = Date.UTC(part(0, 4), part(4) - 1, part(6), part(8), part(10), part(12));
  // A thirty-first of February is the third of March to Date; years before 100 are of the twentieth century.
  const read = new Date(at);
  const isThatDay =
    read.getUTCFullYear() === part(0, 4) && read.getUTCMonth() === part(4) - 1 && read.getUTCDate() === part(6);
  const isTime = part(8) < 24 && part(10) < 60 && part(12) < 60;
  return isThatDay && isTime ? at : malformed(element, `${what}: no such day or time`);
}
