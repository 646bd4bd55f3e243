/**
 * The small types that CMP and CRMF structures share: names, algorithms, texts, integers. Readers
 * are for use inside `parseDer`.
 */
import {
  children,
  contextTag,
  type DerElement,
  expectTag,
  explicit,
  type fieldsOf,
  integerOctets,
  malformed,
  objectIdentifier,
  parseDer,
  sequence,
  sequenceOf,
  setOf,
  TAG,
  text,
} from '../asn1/der-reader.js';
import {
  explicit as encodeExplicit,
  integer,
  integerContent,
  nullValue,
  oid,
  seq,
  tagged,
  utf8String,
} from '../asn1/der-writer.js';
import { assert } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import { readName } from '../x509/certificate/name-reader.js';
import { encodeName } from '../x509/certificate/name-writer.js';
import type { Name } from '../x509/model.js';
import type { AlgorithmIdentifier, GeneralName, InfoTypeAndValue, NameValue } from './model.js';

type Fields = ReturnType<typeof fieldsOf>;

/** The value in `[number] EXPLICIT`; null: absent. */
export function optionalExplicit<Value>(
  fields: Fields,
  { number, what }: { readonly number: number; readonly what: string },
  read: (inner: DerElement, what: string) => Value,
): Value | null {
  const field = fields.optional(contextTag(number, 'constructed'));
  return field === null ? null : read(explicit(field, what), what);
}

/** `[number] EXPLICIT` of what `write` makes of a value; nothing for null and an empty list. */
export function explicitOf<Value>(
  number: number,
  value: Value | null,
  write: (value: Value) => Bytes,
): readonly Bytes[] {
  const isAbsent = value === null || (Array.isArray(value) && value.length === 0);
  return isAbsent ? [] : [encodeExplicit(number, write(value))];
}

/**
 * An INTEGER of either sign. One outside of the safe range is the nearest one inside, because it is
 * well-formed, and every caller refuses it for its value. `tag` is for implicitly tagged ones.
 */
export function wholeNumber(element: DerElement, what: string, tag: number = TAG.integer): number {
  const octets = integerOctets(element, what, tag);
  const isNegative = (octets[0] as number) >= 0x80;
  if (octets.length > 6) return isNegative ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
  const magnitude = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return isNegative ? magnitude - 256 ** octets.length : magnitude;
}

/** An INTEGER of either sign; the negative ones of CMP are certReqIds, which have one octet. */
export function encodeWholeNumber(value: number): Bytes {
  if (value >= 0) return integer(value);
  assert(value >= -128, 'a negative INTEGER of one octet');
  return tagged(TAG.integer, Uint8Array.of(value & 0xff));
}

/** As `encodeWholeNumber`, with an implicit tag, of a value that is not negative. */
export function encodeImplicitNumber(number: number, value: number): Bytes {
  return tagged(contextTag(number, 'primitive'), integerContent(value));
}

/** The element with the tag of a SEQUENCE in the place of its implicit tag. */
export function asSequence({ whole }: { readonly whole: Bytes }): Bytes {
  return retagged(whole, TAG.sequence);
}

/** Replaces a tag of one octet by another. */
export function retagged(der: Bytes, tag: number): Bytes {
  const copy = der.slice();
  copy[0] = tag;
  return copy;
}

/** PKIFreeText (RFC 9810 5.1.1.4): at least one string. */
export function readFreeText(element: DerElement, what: string): readonly string[] {
  return atLeastOne(element, what).map((member) => {
    const { form, value } = text(member, what);
    return form === 'utf8String' ? value : malformed(member, `${what}: not a UTF8String`);
  });
}

export function encodeFreeText(strings: readonly string[]): Bytes {
  return seq(...strings.map(utf8String));
}

/** SEQUENCE SIZE (1..MAX) OF. `tag` is for implicitly tagged ones. */
export function atLeastOne(element: DerElement, what: string, tag: number = TAG.sequence): readonly DerElement[] {
  const members = children(expectTag(element, tag, what));
  return members.length > 0 ? members : malformed(element, `${what}: empty`);
}

/** The DER of an element that is a SEQUENCE and is not read further. */
export function opaqueSequence(element: DerElement, what: string): Bytes {
  return element.tag === TAG.sequence ? element.whole : malformed(element, `${what}: not a SEQUENCE`);
}

export function readAlgorithmIdentifier(element: DerElement, what: string): AlgorithmIdentifier {
  return readAlgorithmFields(sequence(element, what), element.whole);
}

/** The members of an AlgorithmIdentifier whose DER, as a SEQUENCE, is given. */
export function readAlgorithmFields(fields: Fields, der: Bytes): AlgorithmIdentifier {
  const algorithm = objectIdentifier(fields.next(TAG.oid, 'algorithm'), 'algorithm');
  const parameters = fields.more() ? fields.any('parameters').whole : null;
  fields.end();
  return { oid: algorithm, parameters, der };
}

/** `parameters`: DER; null: absent; `'null'`: NULL, which some algorithms require. */
export function algorithmIdentifier(dotted: string, parameters: Bytes | 'null' | null): AlgorithmIdentifier {
  const encoded = parameters === 'null' ? nullValue() : parameters;
  return { oid: dotted, parameters: encoded, der: seq(oid(dotted), ...(encoded === null ? [] : [encoded])) };
}

/** InfoTypeAndValue (RFC 9810 5.3.19). */
export function readInfoTypeAndValue(element: DerElement): InfoTypeAndValue {
  const fields = sequence(element, 'infoTypeAndValue');
  const type = objectIdentifier(fields.next(TAG.oid, 'infoType'), 'infoType');
  const value = fields.more() ? fields.any('infoValue').whole : null;
  fields.end();
  return { oid: type, value };
}

/** Also AttributeTypeAndValue of CRMF, whose value is always there. */
export function encodeInfoTypeAndValue({ oid: type, value }: InfoTypeAndValue): Bytes {
  return seq(oid(type), ...(value === null ? [] : [value]));
}

/**
 * A Name (RFC 5280 4.1.2.4). The types of attribute values are open, so that a value of a form that
 * no certificate of ours has is no fault of encoding.
 */
export function readNameValue(element: DerElement, what: string): NameValue {
  for (const rdn of sequenceOf(element, what)) {
    const attributes = setOf(rdn, what);
    if (attributes.length === 0) malformed(rdn, `${what}: an empty RDN`);
    for (const attribute of attributes) {
      const fields = sequence(attribute, what);
      objectIdentifier(fields.next(TAG.oid, what), what);
      fields.any(what);
      fields.end();
    }
  }
  const der = element.whole;
  const read = parseDer(der, readName);
  return { name: read.ok ? read.value : null, der };
}

const DIRECTORY_NAME = contextTag(4, 'constructed');

/** The tags of GeneralName (RFC 5280 4.2.1.6) other than that of directoryName. */
const OTHER_NAMES: readonly number[] = [
  ...[0, 3, 5].map((number) => contextTag(number, 'constructed')),
  ...[1, 2, 6, 7, 8].map((number) => contextTag(number, 'primitive')),
];

export function readGeneralName(element: DerElement, what: string): GeneralName {
  const der = element.whole;
  if (element.tag === DIRECTORY_NAME) {
    const { name } = readNameValue(explicit(element, what), what);
    return name === null ? { kind: 'other', der } : { kind: 'directoryName', name, der };
  }
  return OTHER_NAMES.includes(element.tag) ? { kind: 'other', der } : malformed(element, `${what}: no GeneralName`);
}

export function directoryName(name: Name): GeneralName {
  return { kind: 'directoryName', name, der: encodeExplicit(4, encodeName(name)) };
}
