/**
 * Subjects read backwards. If a value went to another member than the one it was composed from, a
 * standard client would get a certificate about somebody else.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { OID } from '../../../../src/asn1/oids.js';
import { resolvePointer } from '../../../../src/kernel/json-pointer.js';
import { orderFrom } from '../../../../src/policy/enrolment/sources.js';
import { invertSubject } from '../../../../src/policy/enrolment/subject-inverse.js';
import type { Card, Holder, Profile } from '../../../../src/policy/model.js';
import { isOwnSigner } from '../../../../src/policy/own-signers.js';
import { composeName, subjectOf } from '../../../../src/policy/plan/subject.js';
import { isSameName, preparedText } from '../../../../src/x509/certificate/name-comparison.js';
import { writeGipCardId } from '../../../../src/x509/extensions/gip-card-id.js';
import { type AlternativeName, writeSubjectAltName } from '../../../../src/x509/extensions/subject-alt-name.js';
import type { Attribute, Extension, Name } from '../../../../src/x509/model.js';
import { testPolicy } from '../fixtures.js';

const ANY_TIME = { notBefore: null, notAfter: null };
/** Subjects of the profile of a conformance suite have no structure. */
const PROFILES = [...testPolicy().profiles.values()].filter(
  ({ holder, enrolment }) => !isOwnSigner(holder) && enrolment?.conformanceSuite !== true,
);
const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
const label = fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/);
const structure = fc.record({ id: text, name: text, department: text });
const domain = fc.tuple(label, label).map((labels) => labels.join('.'));

function holders({ holder, pseudonymSubject, subjectAltName }: Profile): fc.Arbitrary<Holder> {
  const kind = <Kind extends Holder['kind']>(name: Kind) => fc.constant(name);
  const staff = { kind: kind('staff'), idNat: text, title: text, structure };
  switch (holder) {
    case 'professional':
      return fc.record({
        kind: kind('professional'),
        idNat: text,
        givenName: text,
        surname: text,
        title: text,
        profession: text,
      });
    case 'staff': {
      const named = fc.record({ ...staff, givenName: text, surname: text });
      return pseudonymSubject === null ? named : fc.oneof(named, fc.record({ ...staff, pseudonym: text }));
    }
    case 'organisation':
      return fc.record({ kind: kind('organisation'), application: text, structure });
    default: {
      const names = fc.uniqueArray(domain, { minLength: 1, maxLength: 5 });
      const server = { kind: kind('server'), names, structure };
      const emails = fc.uniqueArray(
        domain.map((name) => `a@${name}`),
        { maxLength: 3 },
      );
      return subjectAltName === 'email' ? fc.record({ ...server, emails }) : fc.record(server);
    }
  }
}

/** What a client that knows the holder would write. */
function extensionsFor(holder: Holder, card: Card | null): readonly Extension[] {
  const names: AlternativeName[] = [];
  if (holder.kind === 'server') {
    names.push(...holder.names.map((value) => ({ kind: 'dNSName', value }) as const));
    names.push(...(holder.emails ?? []).map((value) => ({ kind: 'rfc822Name', value }) as const));
  }
  return [
    ...(names.length === 0 ? [] : [writeSubjectAltName(names)]),
    ...(card === null ? [] : [writeGipCardId(card.tokenId)]),
  ];
}

/** Drawn records may have no prototype. */
const plain = (holder: Holder): Holder => JSON.parse(JSON.stringify(holder));

const utf8 = (type: string, value: string): Attribute => ({ type, form: 'utf8String', value });

describe('a subject read backwards', () => {
  for (const profile of PROFILES) {
    it(`${profile.id} gives each member of the holder back, in any grouping and order`, () => {
      const property = fc.property(holders(profile), fc.nat(), (drawn, seed) => {
        const holder = plain(drawn);
        const form = subjectOf(profile, { holder });
        const subject = composeName(form, { holder });
        const flat = subject.flat();
        const turned = [...flat.slice(seed % flat.length), ...flat.slice(0, seed % flat.length)].reverse();
        for (const asked of [subject, [turned], turned.map((one) => [one])]) {
          const read = invertSubject(profile, asked);
          assert.ok(read.ok, JSON.stringify(read));
          const composed = form.flat().flatMap(({ value }) => ('from' in value ? [value.from] : []));
          assert.deepEqual(
            new Map(read.value.flatMap((one) => (one.pointer === null ? [] : [[one.pointer, one.text]]))),
            new Map(composed.map((pointer) => [pointer, resolvePointer({ holder }, pointer)])),
          );
        }
      });
      fc.assert(property, { numRuns: 50 });
    });

    if (profile.holder === 'professional' || profile.enrolment === null) continue;
    const open = { ...profile, enrolment: { ...profile.enrolment, fromRequest: true } };
    it(`${profile.id} gives the whole order back where requests may name the holder`, () => {
      const [product] = profile.cardProducts ?? [];
      const card = product === undefined ? null : { tokenId: '8025000001/2600301752', product };
      const property = fc.property(holders(profile), (drawn) => {
        const holder = plain(drawn);
        const subject = composeName(subjectOf(profile, { holder }), { holder });
        const requested = { subject, extensions: extensionsFor(holder, card) };
        const found = orderFrom({ kind: 'account', structure: null }, { profile: open, requested, validity: ANY_TIME });
        assert.ok(found.ok, JSON.stringify(found));
        assert.deepEqual(found.value.order, {
          profile: profile.id,
          holder,
          card,
          identity: null,
          keyOrigin: null,
          validity: ANY_TIME,
        });
        assert.deepEqual(found.value.sources, ['request']);
      });
      fc.assert(property, { numRuns: 50 });
    });
  }

  const profile = PROFILES.find(({ id }) => id === 'elementaire/org-auth-cli') as Profile;
  const rulesOf = (subject: Name) => {
    const read = invertSubject(profile, subject);
    return read.ok ? [] : read.error.map(({ rule, message }) => `${rule}: ${message.en}`);
  };

  it('asks for nothing when it is empty', () => {
    assert.deepEqual(invertSubject(profile, []), { ok: true, value: [] });
  });

  it('takes the fixed text of the profile in any case, and no other text', () => {
    assert.deepEqual(rulesOf([[{ type: OID.countryName, form: 'printableString', value: 'fr' }]]), []);
    const [found] = rulesOf([[{ type: OID.countryName, form: 'printableString', value: 'DE' }]]);
    assert.match(found ?? '', /^requested-value: C is not the value/);
  });

  it('is refused with each attribute that the profile does not have, by name', () => {
    const subject = [[utf8(OID.localityName, 'Paris'), utf8(OID.serialNumber, '1')], [utf8('1.2.3.4', 'x')]];
    const found = rulesOf(subject).join('\n');
    for (const name of ['L', 'serialNumber', '1.2.3.4']) assert.match(found, new RegExp(`has no ${name}:`));
  });

  it('is refused with an attribute that occurs twice, also with the same value', () => {
    const [found] = rulesOf([[utf8(OID.commonName, 'A')], [utf8(OID.commonName, 'A')]]);
    assert.match(found ?? '', /^requested-attribute: CN occurs too often/);
  });

  it('is refused with more than twenty attributes', () => {
    const subject = Array.from({ length: 21 }, () => [utf8(OID.commonName, 'A')]);
    assert.match(rulesOf(subject).join(), /more than 20 attributes/);
  });
});

describe('texts of names', () => {
  const same: readonly (readonly [string, string])[] = [
    ['ÉLODIE', 'élodie'],
    ['A  B', ' a b '],
    ['e\u0301', 'É'],
    ['Straße', 'STRASSE'],
    ['ﬁn', 'fin'],
    ['a\u00a0b', 'A B'],
    ['a\u200db\u00ad', 'ab'],
  ];
  for (const [one, other] of same)
    it(`are equal after their preparation: ${JSON.stringify(one)}, ${JSON.stringify(other)}`, () =>
      assert.equal(preparedText(one), preparedText(other)));

  it('keep accents, a dotless i and spaces between words apart', () => {
    assert.notEqual(preparedText('É'), preparedText('E'));
    assert.notEqual(preparedText('CLıNIQUE'), preparedText('CLINIQUE'));
    assert.notEqual(preparedText('A B'), preparedText('AB'));
  });

  it('make names that are equal in any grouping, and different with one attribute more', () => {
    const [one, two] = [utf8(OID.commonName, 'A'), utf8(OID.organizationName, 'B')];
    assert.ok(isSameName([[one], [two]], [[{ ...two, form: 'printableString', value: 'b' }, one]]));
    assert.ok(!isSameName([[one], [two]], [[one]]));
  });
});
