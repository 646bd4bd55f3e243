/**
 * Arbitrary values of every type that the writer encodes, each with its writer, its reader, and
 * OpenSSL's name for it.
 */
import fc from 'fast-check';
import {
  children,
  type DerElement,
  integerOctets,
  bitString as readBitString,
  boolean as readBoolean,
  generalizedTime as readGeneralizedTime,
  namedBits as readNamedBits,
  octetString as readOctets,
  objectIdentifier as readOid,
  time as readTime,
  smallInteger,
  TAG,
  text,
} from '../../../src/asn1/der-reader.js';
import {
  bitString,
  bool,
  enumerated,
  generalizedTime,
  ia5String,
  integer,
  namedBits,
  octetString,
  oid,
  printableString,
  time,
  utf8String,
} from '../../../src/asn1/der-writer.js';
import { type Bytes, toHex } from '../../../src/kernel/bytes.js';

export type Sample = {
  readonly type: string;
  readonly der: Bytes;
  /** The value that was encoded, which the reader must return. */
  readonly value: unknown;
  readonly read: (element: DerElement) => unknown;
  /** `TYPE` and `value` as `openssl asn1parse` prints them; null: it prints no value. */
  readonly printed: readonly [string, string | null];
};

const SECOND = 1_000;
const bytes = (length: { minLength?: number; maxLength?: number }) => fc.uint8Array(length);
const from = (alphabet: string) => fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 40 });
const digits = (at: number): string => new Date(at).toISOString().slice(0, 19).replace(/\D/g, '');

const ASCII = Array.from({ length: 95 }, (_, at) => String.fromCharCode(0x20 + at)).join('');
const PRINTABLE = ASCII.replace(/[^A-Za-z0-9 '()+,\-./:=?]/g, '');

function magnitudeHex(octets: Bytes): string {
  const hex = toHex(octets).replace(/^(00)+(?=..)/, '');
  return hex.toUpperCase();
}

const smallIntegers = fc.nat({ max: Number.MAX_SAFE_INTEGER }).map((value): Sample => {
  const hex = value.toString(16).toUpperCase();
  const printed = hex.padStart(hex.length + (hex.length % 2), '0');
  return {
    type: 'integer',
    der: integer(value),
    value,
    read: (e) => smallInteger(e, 'x'),
    printed: ['INTEGER', printed],
  };
});

const largeIntegers = bytes({ minLength: 1, maxLength: 40 }).map((magnitude): Sample => {
  const hex = magnitudeHex(magnitude);
  const positive = Number.parseInt(hex.slice(0, 2), 16) >= 0x80 ? `00${hex}` : hex;
  const read = (e: DerElement): string => toHex(integerOctets(e, 'x')).toUpperCase();
  return { type: 'large integer', der: integer(magnitude), value: positive, read, printed: ['INTEGER', hex] };
});

const reasons = fc.nat({ max: 255 }).map((value): Sample => {
  const hex = value.toString(16).toUpperCase().padStart(2, '0');
  const read = (e: DerElement): number => smallInteger(e, 'x', TAG.enumerated);
  return { type: 'enumerated', der: enumerated(value), value, read, printed: ['ENUMERATED', hex] };
});

const booleans = fc.boolean().map((value): Sample => {
  const printed = value ? '255' : '0';
  return { type: 'boolean', der: bool(value), value, read: (e) => readBoolean(e, 'x'), printed: ['BOOLEAN', printed] };
});

/** Identifiers below an arc that OpenSSL has no name for; unnamed roots are covered too. */
const oids = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('1.2.250.1.71.9'),
      fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 39 })).map(([top, second]) => `${top}.${second}.987654`),
      fc.nat({ max: 2 ** 31 }).map((second) => `2.${second}.987654`),
    ),
    fc.array(fc.nat({ max: 2 ** 40 }), { minLength: 1, maxLength: 8 }),
  )
  .map(([root, arcs]): Sample => {
    const value = [root, ...arcs].join('.');
    return { type: 'oid', der: oid(value), value, read: (e) => readOid(e, 'x'), printed: ['OBJECT', value] };
  });

const octets = bytes({ maxLength: 300 }).map((value): Sample => {
  const read = (e: DerElement): string => toHex(readOctets(e, 'x'));
  return { type: 'octet string', der: octetString(value), value: toHex(value), read, printed: ['OCTET STRING', null] };
});

const bitStrings = bytes({ maxLength: 300 }).map((value): Sample => {
  const read = (e: DerElement): string => toHex(readBitString(e, 'x').bytes);
  return { type: 'bit string', der: bitString(value), value: toHex(value), read, printed: ['BIT STRING', null] };
});

const bitLists = fc.uniqueArray(fc.nat({ max: 40 })).map((bits): Sample => {
  const value = [...bits].sort((a, b) => a - b);
  return {
    type: 'named bits',
    der: namedBits(bits),
    value,
    read: (e) => readNamedBits(e, 'x'),
    printed: ['BIT STRING', null],
  };
});

/** Text without control characters, which would break the lines of `asn1parse`. */
const unicode = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .filter((value) => !/[\p{C}\p{Zl}\p{Zp}]/u.test(value))
  .map((value): Sample => {
    const printed: Sample['printed'] = ['UTF8STRING', value];
    return { type: 'UTF8String', der: utf8String(value), value, read: (e) => text(e, 'x').value, printed };
  });

const printable = from(PRINTABLE).map((value): Sample => {
  const printed: Sample['printed'] = ['PRINTABLESTRING', value];
  return { type: 'PrintableString', der: printableString(value), value, read: (e) => text(e, 'x').value, printed };
});

const ia5 = from(ASCII).map((value): Sample => {
  const printed: Sample['printed'] = ['IA5STRING', value];
  return { type: 'IA5String', der: ia5String(value), value, read: (e) => text(e, 'x').value, printed };
});

const instants = (start: string, end: string) =>
  fc.integer({ min: Date.parse(start) / SECOND, max: Date.parse(end) / SECOND }).map((seconds) => seconds * SECOND);

const times = instants('1950-01-01T00:00:00Z', '2199-12-31T23:59:59Z').map((at): Sample => {
  const utc = new Date(at).getUTCFullYear() < 2050;
  const value = { form: utc ? 'utcTime' : 'generalizedTime', at };
  const printed = `${digits(at).slice(utc ? 2 : 0)}Z`;
  const type = utc ? 'UTCTIME' : 'GENERALIZEDTIME';
  return { type: 'time', der: time(at), value, read: (e) => readTime(e, 'x'), printed: [type, printed] };
});

const generalizedTimes = instants('1900-01-01T00:00:00Z', '9999-12-31T23:59:59Z').map((value): Sample => {
  const read = (e: DerElement): number => readGeneralizedTime(e, 'x');
  const printed: Sample['printed'] = ['GENERALIZEDTIME', `${digits(value)}Z`];
  return { type: 'GeneralizedTime', der: generalizedTime(value), value, read, printed };
});

export const SAMPLES: fc.Arbitrary<Sample> = fc.oneof(
  smallIntegers,
  largeIntegers,
  reasons,
  booleans,
  oids,
  octets,
  bitStrings,
  bitLists,
  unicode,
  printable,
  ia5,
  times,
  generalizedTimes,
);

/** All elements of a value, as identifier octet and the content of primitive ones. */
export function outline(element: DerElement): unknown {
  const { tag } = element;
  return (tag & 0x20) === 0
    ? { tag, content: toHex(element.content) }
    : { tag, members: children(element).map(outline) };
}
