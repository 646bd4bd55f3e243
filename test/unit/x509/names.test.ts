import assert from 'node:assert/strict';
import { fromBER } from 'asn1js';
import fc from 'fast-check';
import { RelativeDistinguishedNames } from 'pkijs';
import { parseDer } from '../../../src/asn1/der-reader.js';
import { integer, oid, seq, setOf, tagged, utf8String } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { type Bytes, toHex } from '../../../src/kernel/bytes.js';
import { formatName, readName } from '../../../src/x509/certificate/name-reader.js';
import { encodeName } from '../../../src/x509/certificate/name-writer.js';
import type { Attribute, Name } from '../../../src/x509/model.js';
import { asn1parse } from '../asn1/openssl.js';

const TYPES = [OID.commonName, OID.surname, OID.givenName, OID.title, OID.organizationalUnitName, '1.2.250.1.71.4.9'];
const RECORD = { noNullPrototype: true } as const;
const attributes: fc.Arbitrary<Attribute> = fc.oneof(
  fc.record(
    {
      type: fc.constantFrom(...TYPES),
      form: fc.constant('utf8String' as const),
      value: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    },
    RECORD,
  ),
  fc.record(
    {
      type: fc.constantFrom(OID.countryName, OID.serialNumber),
      form: fc.constant('printableString' as const),
      value: fc.stringMatching(/^[A-Za-z0-9 '()+,\-./:=?]{1,20}$/),
    },
    RECORD,
  ),
  fc.record(
    {
      type: fc.constantFrom(OID.emailAddress, OID.domainComponent),
      form: fc.constant('ia5String' as const),
      value: fc.stringMatching(/^[a-z0-9@.]{1,20}$/),
    },
    RECORD,
  ),
);
const names: fc.Arbitrary<Name> = fc.array(
  fc.uniqueArray(attributes, { selector: JSON.stringify, minLength: 1, maxLength: 4 }),
  { maxLength: 8 },
);

const byText = (name: Name): Name =>
  name.map((rdn) => [...rdn].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)));

describe('a name', () => {
  it('reads back with its attributes, those of one RDN in whatever order the encoding has', () => {
    const property = fc.property(names, (name) => {
      const read = parseDer(encodeName(name), readName);
      assert.ok(read.ok);
      assert.deepEqual(byText(read.value), byText(name));
    });
    fc.assert(property, { seed: 3, numRuns: 1_000 });
  });

  it('has the same encoding whatever the order of the attributes in an RDN', () => {
    const property = fc.property(names, (name) => {
      const reversed = name.map((rdn) => [...rdn].reverse());
      assert.equal(toHex(encodeName(reversed)), toHex(encodeName(name)));
    });
    fc.assert(property, { seed: 4, numRuns: 500 });
  });

  it('is read by pkijs as the same attributes', () => {
    const property = fc.property(names, (name) => {
      const { result } = fromBER(new Uint8Array(encodeName(name)));
      const { typesAndValues } = new RelativeDistinguishedNames({ schema: result });
      const theirs = typesAndValues.map(({ type, value }) => `${type}=${value.valueBlock.value}`).sort();
      assert.deepEqual(
        theirs,
        name
          .flat()
          .map(({ type, value }) => `${type}=${value}`)
          .sort(),
      );
    });
    fc.assert(property, { seed: 5, numRuns: 300 });
  });

  it('of a professional has its shorter attributes first in the multi-valued RDN, as OpenSSL shows', () => {
    const person = (given: string, family: string): Name => [
      [{ type: OID.countryName, form: 'printableString', value: 'FR' }],
      [
        { type: OID.commonName, form: 'utf8String', value: '810002813839' },
        { type: OID.surname, form: 'utf8String', value: family },
        { type: OID.givenName, form: 'utf8String', value: given },
      ],
    ];
    const shown = (name: Name): readonly string[] =>
      asn1parse(encodeName(name))
        .filter(({ type }) => type === 'UTF8STRING')
        .map(({ text }) => text);
    assert.deepEqual(shown(person('ÉLODIE', 'LE')), ['LE', 'ÉLODIE', '810002813839']);
    assert.deepEqual(shown(person('JEAN-CHRISTOPHE', 'DUPONT')), ['DUPONT', '810002813839', 'JEAN-CHRISTOPHE']);
  });

  it('is rejected when its encoding is not a name', () => {
    const attribute = seq(oid(OID.commonName), utf8String('x'));
    const cases: readonly (readonly [Bytes, string])[] = [
      [setOf([]), '0x30 expected'],
      [seq(setOf([])), 'empty'],
      [seq(seq(attribute)), '0x31 expected'],
      [seq(setOf([seq(oid(OID.commonName))])), 'missing'],
      [seq(setOf([seq(oid(OID.commonName), utf8String('x'), integer(1))])), 'too many'],
      [seq(setOf([seq(oid(OID.commonName), integer(1))])), 'not a string'],
      [seq(setOf([seq(oid(OID.commonName), tagged(0x14, Uint8Array.of(0x78)))])), 'teletexString'],
      [seq(tagged(0x31, Uint8Array.from([...attribute, ...attribute]))), 'not in order'],
    ];
    for (const [der, rule] of cases) {
      const read = parseDer(der, readName);
      assert.ok(!read.ok && read.error.rule.includes(rule), JSON.stringify(read));
    }
  });
});

describe('a name for people', () => {
  const utf8 = (type: string, value: string): Attribute => ({ type, form: 'utf8String', value });

  it('is written as RFC 4514 says: last RDN first, plus signs inside one', () => {
    const name: Name = [
      [{ type: OID.countryName, form: 'printableString', value: 'FR' }],
      [utf8(OID.title, 'Infirmier')],
      [utf8(OID.givenName, 'ANNE'), utf8(OID.commonName, '810002813839'), utf8(OID.surname, 'DUPONT')],
    ];
    assert.equal(formatName(name), 'GN=ANNE+CN=810002813839+SN=DUPONT,title=Infirmier,C=FR');
    assert.equal(formatName([]), '');
  });

  it('cannot be disguised by characters in its values', () => {
    const value = (text: string): string => formatName([[utf8(OID.commonName, text)]]);
    assert.equal(value('a,O=b'), 'CN=a\\,O=b');
    assert.equal(value('a+b"c<d>e;f\\g'), 'CN=a\\+b\\"c\\<d\\>e\\;f\\\\g');
    assert.equal(value('#1'), 'CN=\\#1');
    assert.equal(value(' a '), 'CN=\\ a\\ ');
    assert.equal(value('a\nb\0'), 'CN=a\\0ab\\00');
    assert.equal(value('a\u202eb'), 'CN=a\\e2\\80\\aeb');
    assert.equal(formatName([[utf8('1.2.3', 'x')]]), '1.2.3=x');
  });
});
