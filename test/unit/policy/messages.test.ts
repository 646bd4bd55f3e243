/** Messages of rejections say what was expected and what to do. */
import assert from 'node:assert/strict';
import { professionalIdFault } from '../../../src/policy/identifiers/professional-id.js';
import { staffIdFault } from '../../../src/policy/identifiers/staff-id.js';
import { structureIdFault } from '../../../src/policy/identifiers/structure-id.js';
import { planCertificate } from '../../../src/policy/plan/plan.js';
import { symbolViolations } from '../../../src/policy/rules/text.js';
import { NOW, orderFor, testIssuer, testKey, testPolicy } from './fixtures.js';

const CHECKS = { luhnChecked: true, testNumbers: true, departments: ['75'] };

describe('the message about a wrong identifier', () => {
  it('of a structure says what must follow its type, and for which type the number would be valid', () => {
    assert.equal(
      structureIdFault('30B0057881', CHECKS)?.message.en,
      'begins with 3, so 14 digits (SIRET) must follow; a FINESS number takes type 1: 10B0057881',
    );
    assert.match(structureIdFault('187512751', CHECKS)?.message.en ?? '', /a SIREN number takes type 2: 2187512751/);
    assert.match(
      structureIdFault('A', CHECKS)?.message.en ?? '',
      /^begins with "A"; .* 0 ADELI and rank, 1 FINESS, 2 SIREN/,
    );
    assert.match(structureIdFault('', CHECKS)?.message.en ?? '', /^is empty; /);
  });

  it('of staff says how the ids of the structure begin', () => {
    assert.equal(
      staffIdFault('10B0057881/CPET0002', '10B0057881')?.message.en,
      'belongs to the structure 00B0057881, not to 10B0057881; its staff have 30B0057881/ and a local id',
    );
    assert.match(staffIdFault('CPET0002', '10B0057881')?.message.en ?? '', /e\.g\. 30B0057881\/CPET0002$/);
  });

  it('of a professional gives both forms, and the type where it was left out', () => {
    assert.match(
      professionalIdFault('10002813839', CHECKS)?.message.en ?? '',
      /an RPPS number takes type 8: 810002813839$/,
    );
    assert.equal(professionalIdFault('8123', CHECKS)?.message.en, 'begins with 8, so 11 digits (RPPS) must follow');
  });
});

describe('the message about a request that no certificate can fulfil', () => {
  const policy = testPolicy();
  const refusals = (profile: string, holder: object, order: object = {}) => {
    const good = orderFor(profile);
    const asked = { ...good, ...order, holder: { ...good.holder, ...holder } } as typeof good;
    const issuer = testIssuer(policy, policy.profiles.get(profile)?.authority ?? '');
    const planned = planCertificate(policy, { order: asked, spki: testKey('p-256').spki, issuer, now: NOW });
    return planned.ok ? [] : planned.error.map(({ message }) => message.en);
  };

  it('says that the first name of a server becomes its common name', () => {
    const [message] = refusals('elementaire/serv-ssl', { names: [`${'a'.repeat(60)}.example.org`] });
    assert.match(message ?? '', /the first name becomes the common name: put a shorter one first$/);
  });

  it('says that a profile has no e-mail addresses, and which product the card must be', () => {
    assert.deepEqual(refusals('elementaire/serv-ssl', { emails: ['a@example.org'] }), [
      'elementaire/serv-ssl certifies no e-mail addresses: leave emails out',
    ]);
    const card = { tokenId: '8025000001/2600301752', product: 'cps' };
    assert.deepEqual(refusals('standard/cpe-signature', {}, { card }), ['must be cpe']);
  });

  it('reports a beginning in the past, and not an end that was not sent', () => {
    const validity = { notBefore: Date.UTC(2016, 0, 1), notAfter: null };
    assert.deepEqual(refusals('fort/cps-signature', {}, { validity }), [
      'is in the past: leave it out to begin now',
      `aci-fo-pp begins on 2026-03-01T10:00:00Z`,
    ]);
  });
});

describe('a name in a subject', () => {
  it('may have the characters of names of people and of French organisations', () => {
    for (const text of [
      "PHARMACIE DE L'HÔTEL & CIE",
      'S.A.R.L. N° 2 (ANNEXE) : L’ÉTOILE - SUD/OUEST, A+',
      'CABINET Nº 3',
      '«LES LILAS» – 3·4 #1 @ “X” !',
      'Ελένη Дарья 山田 박서준 ٣',
    ])
      assert.deepEqual(symbolViolations('/x', text.normalize('NFC')), [], text);
  });

  it('may have no emoji and no other symbol', () => {
    for (const text of [
      '👩 Anne',
      'Anne ❤',
      'A™',
      'A©',
      'A€',
      'A=B',
      'A|B',
      'A<B',
      'A`',
      '1\u20e3',
      'A‼',
      '🇫🇷',
      '②',
      'A\u{1f3fd}',
    ])
      assert.deepEqual(
        symbolViolations('/x', text).map(({ rule }) => rule),
        ['text-symbols'],
        text,
      );
  });

  it('with a symbol is rejected with that symbol in the message', () => {
    assert.match(symbolViolations('/x', 'Anne 👩')[0]?.message.en ?? '', /^has the symbol 👩 \(U\+1F469\)/);
  });
});
