/**
 * Strict DER reader (X.690 sections 10 and 11): definite minimal lengths, minimal integers,
 * canonical booleans, bit strings, object identifiers, times and SET OF order. Depth and number of
 * elements are bounded, so that hostile input costs no more than honest input. The reader shares
 * nothing with the writer; tests compare the two with OpenSSL and pkijs. Inside a `parseDer`
 * callback every function may throw `Malformed`; `parseDer` alone turns that into a value.
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

/**
 * For parsers built on this reader: rejects well-formed DER that does not have the structure of its
 * standard.
 */
export function malformed(at: { readonly offset: number }, rule: string): never {
  throw new Malformed(at.offset, rule);
}

/** Reads `bytes` as exactly one element, without trailing bytes, and passes it to `read`. */
export function parseDer<Value>(bytes: Bytes, read: (root: DerElement) => Value): Result<Value, DerFailure> {
  try {
    // A slice of a Buffer is a view and has another prototype. Callers always get a plain
    // Uint8Array.
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

/**
 * Walks the members of a SEQUENCE in order; `end` rejects members that were not read. It is a class
 * for speed: a certificate has some forty sequences.
 */
class Fields {
  private readonly element: DerElement;
  private readonly what: string;
  private readonly members: readonly DerElement[];
  private at = 0;

  constructor(element: DerElement, what: string) {
    this.element = element;
    this.what = what;
    this.members = children(element);
  }

  /** The next member, which must have this tag. */
  next(tag: number, what: string): DerElement {
    return expectTag(this.any(what), tag, what);
  }

  /** The next member whatever its tag (ANY, CHOICE). */
  any(_what: string): DerElement {
    const member = this.members[this.at];
    if (member === undefined) malformed(this.element, `${this.what}: a member is missing`);
    this.at += 1;
    return member;
  }

  /** The next member if it has this tag; null otherwise (OPTIONAL, DEFAULT). */
  optional(tag: number): DerElement | null {
    return this.members[this.at]?.tag === tag ? this.any('') : null;
  }

  more(): boolean {
    return this.at < this.members.length;
  }

  end(): void {
    const extra = this.members[this.at];
    if (extra !== undefined) malformed(extra, `${this.what}: a member too many`);
  }
}

export function sequence(element: DerElement, what: string): Fields {
  return fieldsOf(expectTag(element, TAG.sequence, what), what);
}

/** As `sequence`, for an implicitly tagged SEQUENCE whose tag the caller has checked. */
export function fieldsOf(element: DerElement, what: string): Fields {
  return new Fields(element, what);
}

/** SEQUENCE OF. */
export function sequenceOf(element: DerElement, what: string): readonly DerElement[] {
  return children(expectTag(element, TAG.sequence, what));
}

/**
 * SET OF: members in ascending order of their encodings (X.690 11.6), without duplicates. `tag` is
 * for implicitly tagged ones.
 */
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

/**
 * Content octets of an INTEGER or ENUMERATED in minimal two's complement (X.690 8.3.2). `tag` is
 * for implicitly tagged ones.
 */
export function integerOctets(element: DerElement, what: string, tag: number = TAG.integer): Bytes {
  const { content } = expectTag(element, tag, what);
  const [first, second] = content;
  if (first === undefined) malformed(element, `${what}: INTEGER without content`);
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
    malformed(element, `${what}: INTEGER not in the fewest octets`);
  return content;
}

/**
 * A non-negative INTEGER below 2^53, which a number holds exactly: versions, counts, CRL numbers.
 */
export function smallInteger(element: DerElement, what: string, tag: number = TAG.integer): number {
  const octets = integerOctets(element, what, tag);
  if ((octets[0] as number) >= 0x80) malformed(element, `${what}: negative`);
  const value = octets.length > 7 ? Infinity : octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return Number.isSafeInteger(value) ? value : malformed(element, `${what}: too large`);
}

/** `tag` is for implicitly tagged ones. */
export function boolean(element: DerElement, what: string, tag: number = TAG.boolean): boolean {
  const { bytes, contentAt, end } = expectTag(element, tag, what);
  const octet = bytes[contentAt];
  if (end - contentAt !== 1 || (octet !== 0 && octet !== 0xff)) malformed(element, `${what}: BOOLEAN not 00 or FF`);
  return octet === 0xff;
}

export function octetString(element: DerElement, what: string): Bytes {
  return expectTag(element, TAG.octetString, what).content;
}

/** A BIT STRING; unused bits must be zero (X.690 11.2.1). `tag` is for implicitly tagged ones. */
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

/**
 * Numbers of the bits that are set. Trailing zero bits are not encoded (X.690 11.2.2), so that no
 * bits is the empty string.
 */
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

/**
 * Dotted decimal. Arcs are in the fewest octets (X.690 8.19.2), each below 2^48. `tag` is for
 * implicitly tagged ones.
 */
export function objectIdentifier(element: DerElement, what: string, tag: number = TAG.oid): string {
  const { bytes, contentAt: from, end } = expectTag(element, tag, what);
  const read = dottedDecimal({ bytes, from, end });
  return read.ok ? read.value : malformed(element, `${what}: ${read.error}`);
}

export function nullValue(element: DerElement, what: string): void {
  const { contentAt, end } = expectTag(element, TAG.null, what);
  if (end !== contentAt) malformed(element, `${what}: NULL with content`);
}

type TextForm = 'utf8String' | 'printableString' | 'ia5String' | 'teletexString' | 'bmpString' | 'universalString';
const TEXT_FORMS: ReadonlyMap<number, TextForm> = new Map([
  [TAG.utf8String, 'utf8String'],
  [TAG.printableString, 'printableString'],
  [TAG.ia5String, 'ia5String'],
  [TAG.teletexString, 'teletexString'],
  [TAG.bmpString, 'bmpString'],
  [TAG.universalString, 'universalString'],
]);

const ALPHABETS = { PrintableString: /^[A-Za-z0-9 '()+,\-./:=?]*$/, IA5String: /^[ -~]*$/ } as const;

/**
 * A string of any form. The alphabets that RFC 5280 lets a CA write are decoded, others are
 * rejected.
 */
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
      return malformed(element, `${what}: ${form} has not been allowed since RFC 3280`);
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

/**
 * UTCTime or GeneralizedTime as RFC 5280 4.1.2.5 profiles them: seconds present, `Z`, no fraction.
 */
export function time(
  element: DerElement,
  what: string,
): { readonly form: 'utcTime' | 'generalizedTime'; readonly at: Instant } {
  if (element.tag === TAG.utcTime && isDigitsAndZ(element, 12)) {
    const year = twoDigits(element, 0);
    return { form: 'utcTime', at: instantOf(element, { year: year + (year < 50 ? 2000 : 1900), from: 2 }, what) };
  }
  if (element.tag === TAG.generalizedTime && isDigitsAndZ(element, 14)) {
    return { form: 'generalizedTime', at: instantOf(element, { year: fourDigits(element), from: 4 }, what) };
  }
  return malformed(element, `${what}: not a time in the form of RFC 5280 4.1.2.5`);
}

/**
 * A GeneralizedTime alone: CRL invalidityDate and all times of OCSP. `tag` is for implicitly tagged
 * ones.
 */
export function generalizedTime(element: DerElement, what: string, tag: number = TAG.generalizedTime): Instant {
  expectTag(element, tag, what);
  if (!isDigitsAndZ(element, 14)) malformed(element, `${what}: not a GeneralizedTime with seconds and Z`);
  return instantOf(element, { year: fourDigits(element), from: 4 }, what);
}

function isDigitsAndZ({ bytes, contentAt, end }: DerElement, digits: number): boolean {
  if (end - contentAt !== digits + 1 || bytes[end - 1] !== 0x5a) return false;
  for (let at = contentAt; at < end - 1; at += 1) {
    const octet = bytes[at] as number;
    if (octet < 0x30 || octet > 0x39) return false;
  }
  return true;
}

function twoDigits({ bytes, contentAt }: DerElement, from: number): number {
  return ((bytes[contentAt + from] as number) - 0x30) * 10 + (bytes[contentAt + from + 1] as number) - 0x30;
}

function fourDigits(element: DerElement): number {
  return twoDigits(element, 0) * 100 + twoDigits(element, 2);
}

/** `from` is the position of the month in the digits. */
function instantOf(
  element: DerElement,
  { year, from }: { readonly year: number; readonly from: number },
  what: string,
): Instant {
  const part = (at: number): number => twoDigits(element, from + 2 * at);
  const [month, day, hour, minute, second] = [part(0), part(1), part(2), part(3), part(4)];
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  // Date takes the thirty-first of February for the third of March, and years before 100 for years
  // of the twentieth century.
  const isThatDay = year >= 100 && month >= 1 && month <= 12 && day >= 1 && at < Date.UTC(year, month, 1);
  const isTime = hour < 24 && minute < 60 && second < 60;
  return isThatDay && isTime ? at : malformed(element, `${what}: no such day or time`);
}
