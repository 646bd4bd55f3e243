import assert from 'node:assert/strict';
import {
  Set as Asn1Set,
  type AsnType,
  fromBER,
  Integer,
  ObjectIdentifier,
  OctetString,
  Sequence,
  Utf8String,
} from 'asn1js';
import fc from 'fast-check';
import { children, objectIdentifier, parseDer, setOf as readSetOf, sequenceOf } from '../../../src/asn1/der-reader.js';
import {
  contextConstructed,
  contextPrimitive,
  explicit,
  header,
  integer,
  nullValue,
  octetString,
  oid,
  printableString,
  seq,
  setOf,
  time,
  utf8String,
} from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { AssertionFailed } from '../../../src/kernel/assert.js';
import { type Bytes, toHex } from '../../../src/kernel/bytes.js';
import { asn1parse, openssl } from './openssl.js';
import { outline, SAMPLES, type Sample } from './values.js';

const SEED = 20_260_301;
const params = (numRuns: number) => ({ seed: SEED, numRuns });

function again(der: Bytes): Bytes {
  const { offset, result } = fromBER(new Uint8Array(der));
  assert.equal(offset, der.length, result.error);
  return new Uint8Array(result.toBER());
}

describe('what the DER writer writes', () => {
  it('is read as the same value', () => {
    const property = fc.property(SAMPLES, ({ der, value, read, type }: Sample) => {
      assert.deepEqual(parseDer(der, read), { ok: true, value }, type);
    });
    fc.assert(property, params(3_000));
  });

  it('is printed by OpenSSL as the same type and value, hundreds of them in one sequence', () => {
    const samples = fc.sample(SAMPLES, params(800));
    const lines = asn1parse(seq(...samples.map(({ der }) => der)));
    const printed = lines.slice(1).map(({ type, text }) => [type, text]);
    assert.equal(printed.length, samples.length);
    samples.forEach(({ printed: [type, text] }, at) => {
      assert.deepEqual(printed[at], [type, text ?? printed[at]?.[1]]);
    });
  });

  it('is decoded by asn1js and encoded again to the same octets', () => {
    const property = fc.property(fc.array(SAMPLES, { maxLength: 12 }), (samples) => {
      const der = seq(explicit(3, seq(...samples.map((sample) => sample.der))), contextConstructed(1, nullValue()));
      assert.equal(toHex(again(der)), toHex(der));
    });
    fc.assert(property, params(300));
  });

  it('has its lengths in the fewest octets at every border', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536, 70_000]) {
      const der = octetString(new Uint8Array(length));
      assert.deepEqual(
        parseDer(der, (root) => root.content.length),
        { ok: true, value: length },
      );
      assert.equal(toHex(again(der)), toHex(der));
    }
    assert.equal(toHex(header(0x30, 2 ** 24)), '308401000000');
    assert.equal(toHex(header(0x30, 2 ** 32 - 1)), '3084ffffffff');
  });

  it('has the members of a SET OF in the order of their encodings, whatever order they came in', () => {
    const members = fc.uniqueArray(fc.uint8Array({ maxLength: 20 }), { selector: toHex, maxLength: 12 });
    const property = fc.property(members, (values) => {
      const der = setOf(values.map(octetString));
      assert.equal(toHex(setOf(values.map(octetString).reverse())), toHex(der));
      const read = parseDer(der, (root) => readSetOf(root, 'x').length);
      assert.deepEqual(read, { ok: true, value: values.length });
    });
    fc.assert(property, params(300));
  });

  it('equals the encodings that documents give', () => {
    const cases: readonly (readonly [Bytes, string])[] = [
      [integer(0), '020100'],
      [integer(128), '02020080'],
      [integer(Uint8Array.of(0, 0, 0x7f)), '02017f'],
      [oid('2.999.3'), '0603883703'],
      [oid('1.2.840.113549'), '06062a864886f70d'],
      [seq(), '3000'],
      [setOf([]), '3100'],
      [explicit(0, integer(2)), 'a003020102'],
      [contextPrimitive(6, Uint8Array.of(0x61)), '860161'],
      [nullValue(), '0500'],
      [time(Date.UTC(2049, 11, 31, 23, 59, 59)), '170d3439313233313233353935395a'],
      [time(Date.UTC(2050, 0, 1)), '180f32303530303130313030303030305a'],
      [time(Date.UTC(1949, 11, 31, 23, 59, 59)), '180f31393439313233313233353935395a'],
    ];
    for (const [der, hex] of cases) assert.equal(toHex(der), hex);
  });
});

describe('what asn1js writes', () => {
  const values = fc.record({
    number: fc.bigInt({ min: 0n, max: 2n ** 160n }),
    octets: fc.uint8Array({ maxLength: 200 }),
    text: fc.string({ unit: 'grapheme', maxLength: 20 }),
    arc: fc.nat({ max: 2 ** 31 - 1 }),
  });

  it('is read as the same values', () => {
    const property = fc.property(values, ({ number, octets, text, arc }) => {
      const members: AsnType[] = [
        Integer.fromBigInt(number),
        new OctetString({ valueHex: octets.slice().buffer }),
        new Asn1Set({ value: [new Utf8String({ value: text })] }),
        new ObjectIdentifier({ value: `1.2.250.${arc}` }),
      ];
      const ours = seq(
        integer(Uint8Array.from(Buffer.from(number.toString(16).padStart(64, '0'), 'hex'))),
        octetString(octets),
        setOf([utf8String(text)]),
        oid(`1.2.250.${arc}`),
      );
      const theirs = new Uint8Array(new Sequence({ value: members }).toBER());
      assert.deepEqual(parseDer(theirs, outline), parseDer(ours, outline));
      assert.equal(toHex(theirs), toHex(ours));
    });
    fc.assert(property, params(300));
  });
});

describe('the table of object identifiers', () => {
  it('has each identifier once, and each reads back from its encoding', () => {
    const dotted = Object.values(OID);
    assert.equal(new Set(dotted).size, dotted.length);
    const read = parseDer(seq(...dotted.map(oid)), (root) =>
      sequenceOf(root, 'x').map((member) => objectIdentifier(member, 'x')),
    );
    assert.deepEqual(read, { ok: true, value: dotted });
  });

  it('agrees with the names that OpenSSL has for them', () => {
    const known = {
      basicConstraints: 'X509v3 Basic Constraints',
      ocspNoCheck: 'OCSP No Check',
      p384: 'secp384r1',
    } as const;
    const lines = asn1parse(seq(...(Object.keys(known) as (keyof typeof known)[]).map((name) => oid(OID[name]))));
    assert.deepEqual(
      lines.slice(1).map(({ text }) => text),
      Object.values(known),
    );
    assert.ok(openssl(['version']).length > 0);
  });
});

describe('the DER writer throws for', () => {
  const bugs: readonly (readonly [string, () => unknown])[] = [
    ['a negative INTEGER', () => integer(-1)],
    ['an INTEGER that a number does not hold', () => integer(2 ** 53)],
    ['an INTEGER without octets', () => integer(new Uint8Array(0))],
    ['text outside the PrintableString alphabet', () => printableString('a@b')],
    ['text with a lone surrogate', () => utf8String('\ud800')],
    ['a time with a fraction of a second', () => time(1)],
    ['a year of five digits', () => time(Date.UTC(10_000, 0, 1))],
    ['a member twice in a SET OF', () => setOf([integer(1), integer(1)])],
    ['an object identifier of one arc', () => oid('1')],
    ['an object identifier of impossible roots', () => oid('1.40.1')],
    ['an arc of 2^48', () => oid(`1.2.${2 ** 48}`)],
    ['a length of 2^32', () => header(0x30, 2 ** 32)],
  ];
  for (const [name, write] of bugs) it(name, () => assert.throws(write, AssertionFailed));

  it('no value that the reader would refuse: children of everything are whole', () => {
    const read = parseDer(seq(seq(), setOf([])), (root) => children(root).map((member) => children(member).length));
    assert.deepEqual(read, { ok: true, value: [0, 0] });
  });
});
