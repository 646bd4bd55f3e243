import assert from 'node:assert/strict';
import {
  bitString,
  boolean,
  children,
  contextTag,
  type DerElement,
  explicit,
  generalizedTime,
  ia5Content,
  integerOctets,
  namedBits,
  nullValue,
  objectIdentifier,
  parseDer,
  sequence,
  sequenceOf,
  setOf,
  smallInteger,
  TAG,
  text,
  time,
} from '../../../src/asn1/der-reader.js';
import { fromHex, toHex, utf8 } from '../../../src/kernel/bytes.js';
import { LIMITS } from '../../../src/kernel/limits.js';

type Reader = (element: DerElement) => unknown;

const walk: Reader = (element) => {
  if ((element.tag & 0x20) !== 0) children(element).forEach(walk);
};
const read = {
  walk,
  integer: (element) => integerOctets(element, 'x'),
  small: (element) => smallInteger(element, 'x'),
  boolean: (element) => boolean(element, 'x'),
  bits: (element) => bitString(element, 'x'),
  named: (element) => namedBits(element, 'x'),
  oid: (element) => objectIdentifier(element, 'x'),
  null: (element) => nullValue(element, 'x'),
  text: (element) => text(element, 'x'),
  time: (element) => time(element, 'x'),
  generalized: (element) => generalizedTime(element, 'x'),
  set: (element) => setOf(element, 'x'),
  sequence: (element) => sequenceOf(element, 'x'),
  explicit: (element) => explicit(element, 'x'),
  ia5: (element) => ia5Content(element, 'x'),
  pair: (element) => {
    const fields = sequence(element, 'x');
    fields.next(TAG.null, 'first');
    fields.next(TAG.null, 'second');
    fields.end();
  },
} as const satisfies Record<string, Reader>;

const ascii = (tag: string, value: string): string => {
  const content = toHex(utf8(value));
  return `${tag}${(content.length / 2).toString(16).padStart(2, '0')}${content}`;
};

/**
 * One fault each: its name, its octets, the function that reads it, and a part of the rule that
 * rejects it.
 */
const CORPUS: readonly (readonly [string, string, keyof typeof read, string])[] = [
  ['nothing at all', '', 'walk', 'incomplete'],
  ['a tag without a length', '30', 'walk', 'incomplete'],
  ['a long length that is cut off', '3082 01', 'walk', 'incomplete'],
  ['content that is cut off', '0402 00', 'walk', 'past the end'],
  ['a member that is longer than its parent', '3003 0402 00', 'walk', 'past the end'],
  ['an indefinite length', '3080 0000', 'walk', 'indefinite length'],
  ['end-of-contents octets inside', '3002 0000', 'walk', 'end-of-contents'],
  ['a long form for a short length', '0481 01 00', 'walk', 'fewest octets'],
  ['a length with a leading zero octet', `0482 0080 ${'00'.repeat(128)}`, 'walk', 'fewest octets'],
  ['a length of five octets', '0485 0000000001 00', 'walk', 'more than four octets'],
  ['the reserved length octet', '04ff', 'walk', 'more than four octets'],
  ['a length of four gibibytes', '0484 ffffffff 00', 'walk', 'past the end'],
  ['a high tag number', '1f8101 00', 'walk', 'high tag number'],
  ['an octet after the value', '0500 00', 'walk', 'trailing octets'],
  ['a primitive SEQUENCE', '1000', 'sequence', '0x30 expected'],
  ['members of a primitive value', '0500', 'explicit', 'primitive where a constructed'],
  ['a constructed OCTET STRING', '2403 040100', 'integer', '0x02 expected'],
  ['an explicit tag around nothing', 'a000', 'explicit', 'exactly one value'],
  ['an explicit tag around two values', 'a004 0500 0500', 'explicit', 'exactly one value'],
  ['a member too few', '3002 0500', 'pair', 'missing'],
  ['a member too many', '3006 0500 0500 0500', 'pair', 'too many'],
  ['another member than expected', '3005 0500 020100', 'pair', '0x05 expected, 0x02 found'],
  ['an INTEGER without content', '0200', 'integer', 'without content'],
  ['a positive INTEGER with a needless zero octet', '0202 007f', 'integer', 'fewest octets'],
  ['a negative INTEGER with a needless octet', '0202 ff80', 'integer', 'fewest octets'],
  ['a negative count', '0201 80', 'small', 'negative'],
  ['a count of 2^53', '0207 20000000000000', 'small', 'too large'],
  ['a count of eight octets', '0208 0100000000000000', 'small', 'too large'],
  ['a BOOLEAN of 01', '0101 01', 'boolean', 'not 00 or FF'],
  ['a BOOLEAN of two octets', '0102 ffff', 'boolean', 'not 00 or FF'],
  ['a BOOLEAN of none', '0100', 'boolean', 'not 00 or FF'],
  ['a BIT STRING without its first octet', '0300', 'bits', 'malformed'],
  ['a BIT STRING with eight unused bits', '0302 0800', 'bits', 'malformed'],
  ['an empty BIT STRING with unused bits', '0301 01', 'bits', 'malformed'],
  ['unused bits that are set', '0302 0101', 'bits', 'not zero'],
  ['a trailing zero bit that is counted', '0302 0540', 'named', 'trailing zero bits'],
  ['a named list of zeros', '0302 0000', 'named', 'trailing zero bits'],
  ['an OBJECT IDENTIFIER without content', '0600', 'oid', 'cut off'],
  ['an arc that is cut off', '0602 2a86', 'oid', 'cut off'],
  ['an arc with a leading zero', '0603 2a8001', 'oid', 'fewest octets'],
  ['a first arc with a leading zero', '0602 802a', 'oid', 'fewest octets'],
  ['an arc of 70 bits', '060b 2affffffffffffffffff7f', 'oid', 'too large'],
  ['a NULL with content', '0501 00', 'null', 'with content'],
  ['a PrintableString with an at sign', ascii('13', 'a@b'), 'text', 'PrintableString alphabet'],
  ['a PrintableString with a newline at its end', ascii('13', 'ab\n'), 'text', 'PrintableString alphabet'],
  ['an IA5String with a NUL', ascii('16', 'www\0.fr'), 'text', 'IA5String alphabet'],
  ['an IA5String with an accent', '1601 e9', 'text', 'IA5String alphabet'],
  ['a URI with an accent', '8601 e9', 'ia5', 'IA5String alphabet'],
  ['UTF-8 that is none', '0c02 c328', 'text', 'not UTF-8'],
  ['UTF-8 in more octets than it needs', '0c02 c080', 'text', 'not UTF-8'],
  ['a surrogate in UTF-8', '0c03 eda080', 'text', 'not UTF-8'],
  ['a TeletexString', ascii('14', 'a'), 'text', 'teletexString'],
  ['a BMPString', '1e02 0041', 'text', 'bmpString'],
  ['a UniversalString', '1c04 00000041', 'text', 'universalString'],
  ['a number where text belongs', '020100', 'text', 'not a string'],
  ['a UTCTime without seconds', ascii('17', '2603011000Z'), 'time', '4.1.2.5'],
  ['a UTCTime with an offset', ascii('17', '260301100000+0100'), 'time', '4.1.2.5'],
  ['a UTCTime without a zone', ascii('17', '260301100000'), 'time', '4.1.2.5'],
  ['a GeneralizedTime with a fraction', ascii('18', '20260301100000.5Z'), 'time', '4.1.2.5'],
  ['a GeneralizedTime in the UTCTime tag', ascii('17', '20260301100000Z'), 'time', '4.1.2.5'],
  ['30 February', ascii('17', '260230100000Z'), 'time', 'no such day'],
  ['29 February of 1900', ascii('18', '19000229000000Z'), 'time', 'no such day'],
  ['month 13', ascii('18', '20261301000000Z'), 'time', 'no such day'],
  ['hour 24', ascii('18', '20260101240000Z'), 'time', 'no such day'],
  ['second 60', ascii('17', '161231235960Z'), 'time', 'no such day'],
  ['a UTCTime where GeneralizedTime alone is allowed', ascii('17', '260301100000Z'), 'generalized', '0x18 expected'],
  ['a GeneralizedTime without seconds', ascii('18', '202603011000Z'), 'generalized', 'seconds'],
  ['a SET OF out of order', '3106 020102 020101', 'set', 'not in order'],
  ['a SET OF with the longer member first', '3107 02020101 020101', 'set', 'not in order'],
  ['a SET OF with one member twice', '3106 020101 020101', 'set', 'not in order'],
];

describe('the DER reader rejects', () => {
  for (const [name, hex, reader, rule] of CORPUS) {
    it(name, () => {
      const octets = fromHex(hex.replaceAll(' ', ''));
      assert.ok(octets);
      const result = parseDer(octets, read[reader]);
      assert.ok(!result.ok, 'accepted');
      assert.ok(result.error.rule.includes(rule), result.error.rule);
      assert.equal(result.error.kind, 'der-malformed');
    });
  }

  it('nested values at the limit of depth, at the octet where it is exceeded', () => {
    const depth = 5_000;
    let bomb = new Uint8Array(0);
    for (let level = 0; level < depth; level += 1) {
      const length = bomb.length;
      const head =
        length < 0x80
          ? [0x30, length]
          : length < 0x100
            ? [0x30, 0x81, length]
            : [0x30, 0x82, length >> 8, length & 0xff];
      bomb = Uint8Array.from([...head, ...bomb]);
    }
    const result = parseDer(bomb, walk);
    assert.ok(!result.ok);
    assert.equal(result.error.rule, `nested deeper than ${LIMITS.derDepthMax}`);
    assert.equal(result.error.offset, 4 * (LIMITS.derDepthMax + 1));
  });

  it('more elements than the limit', () => {
    const content = new Uint8Array(2 * (LIMITS.derElementsMax + 1)).map((_, at) => (at % 2 === 0 ? 5 : 0));
    const bomb = Uint8Array.from([0x30, 0x82, content.length >> 8, content.length & 0xff, ...content]);
    const result = parseDer(bomb, walk);
    assert.ok(!result.ok);
    assert.equal(result.error.rule, `more than ${LIMITS.derElementsMax} elements`);
  });

  it('and reports the octet, counted from the start of the input', () => {
    const result = parseDer(Uint8Array.of(0x30, 0x06, 0xa0, 0x04, 0x02, 0x02, 0x00, 0x01), (root) => {
      const [outer] = children(root);
      assert.ok(outer);
      return smallInteger(explicit(outer, 'x'), 'x');
    });
    assert.ok(!result.ok);
    assert.equal(result.error.offset, 4);
  });
});

describe('the DER reader', () => {
  it('rethrows a bug in a parser instead of reporting malformed input', () => {
    const fail = (): never => {
      throw new TypeError('a bug');
    };
    assert.throws(() => parseDer(Uint8Array.of(5, 0), fail), TypeError);
  });

  it('returns plain arrays and no Buffer', () => {
    const result = parseDer(Buffer.from('040100', 'hex'), (root) => root.content);
    assert.ok(result.ok && !Buffer.isBuffer(result.value));
  });

  it('reads the same values under implicit tags', () => {
    const tag = contextTag(1, 'primitive');
    const result = parseDer(Uint8Array.of(0x81, 0x01, 0xff), (root) => boolean(root, 'x', tag));
    assert.deepEqual(result, { ok: true, value: true });
  });

  it('reads the largest count that a number holds', () => {
    const result = parseDer(Uint8Array.of(2, 7, 0x1f, 255, 255, 255, 255, 255, 255), (root) => smallInteger(root, 'x'));
    assert.deepEqual(result, { ok: true, value: Number.MAX_SAFE_INTEGER });
  });
});
