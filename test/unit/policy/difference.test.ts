import assert from 'node:assert/strict';
import { policyDifferences } from '../../../src/policy/load/difference.js';
import type { Policy, Profile } from '../../../src/policy/model.js';
import { planCertificate } from '../../../src/policy/plan/plan.js';
import { sampleOrder } from '../../../src/policy/plan/sample-order.js';
import { PROFILES } from '../../support/service/orders.js';
import { keyTypeFor, NOW, testIssuer, testKey, testPolicy } from './fixtures.js';

const before = testPolicy();
const ID = 'fort/cps-signature';

/** The policy with some members of that profile changed. */
function profiled(change: Partial<Profile>): Policy {
  const profile = before.profiles.get(ID);
  assert.ok(profile);
  return { ...before, profiles: new Map([...before.profiles, [ID, { ...profile, ...change }]]) };
}
const english = (after: Policy): readonly string[] => policyDifferences(before, after).map(({ en }) => en);

describe('what changes from one policy to another', () => {
  it('is nothing for equal policies', () => {
    assert.deepEqual(policyDifferences(before, testPolicy()), []);
  });

  it('is a sentence about a validity in the words of officers, in both languages', () => {
    assert.deepEqual(policyDifferences(before, profiled({ validity: { years: 6 } })), [
      {
        fr: 'la durée de validité de fort/cps-signature passe de 3 à 6 ans',
        en: 'validity of fort/cps-signature rises from 3 to 6 years',
      },
    ]);
    assert.deepEqual(english(profiled({ validity: { years: 2 } })), [
      'validity of fort/cps-signature falls from 3 to 2 years',
    ]);
    assert.deepEqual(english(profiled({ renewalWindow: { days: 120 } })), [
      'the renewal window of fort/cps-signature rises from 90 to 120 days',
    ]);
    assert.deepEqual(english(profiled({ validity: { days: 90 } })), [
      'validity of fort/cps-signature changes from {"years":3} to {"days":90}',
    ]);
  });

  it('is a sentence about what a list gains and loses', () => {
    assert.deepEqual(english(profiled({ keyTypes: ['rsa-3072', 'p-384', 'rsa-2048'] })), [
      'the list of key types of fort/cps-signature gains rsa-2048, loses rsa-4096, p-256, brainpool-p256r1, brainpool-p384r1',
    ]);
    const [first, second, ...others] = before.profiles.get(ID)?.keyTypes ?? [];
    assert.ok(first && second);
    assert.deepEqual(english(profiled({ keyTypes: [second, first, ...others] })), [
      'the list of key types of fort/cps-signature changes its order',
    ]);
    const [country, ...rest] = before.profiles.get(ID)?.subject ?? [];
    assert.ok(country);
    const [said = ''] = english(profiled({ subject: rest }));
    assert.equal(said, 'the composition of the subject of fort/cps-signature loses countryName = FR (2)');
  });

  it('is a sentence for switches, texts and numbers, and names unknown members by their pointers', () => {
    assert.deepEqual(english(profiled({ suspensionAllowed: true })), [
      'the right to suspend of fort/cps-signature: yes, no before',
    ]);
    assert.deepEqual(english(profiled({ assurance: 'high' })), [
      'the identity assurance required of fort/cps-signature changes from substantial to high',
    ]);
    assert.deepEqual(english(profiled({ certificatesPerHourMax: 5 })), [
      'the hourly cap of certificates of fort/cps-signature changes from none to 5',
    ]);
    assert.deepEqual(
      english(profiled({ title: { fr: 'Autre', en: 'CPS card, signature' } }))[0]?.slice(0, 38),
      '`title` (fr) of fort/cps-signature cha',
    );
  });

  it('names additions and removals, of environment, authorities and hierarchies too', () => {
    const profiles = new Map([...before.profiles].filter(([id]) => id !== ID));
    assert.deepEqual(english({ ...before, profiles }), [`profile ${ID} is removed`]);
    assert.deepEqual(policyDifferences({ ...before, profiles }, before)[0]?.en, `profile ${ID} is added`);
    const environment = { ...before.environment, addresses: { ...before.environment.addresses, ldap: 'ldap://x' } };
    assert.deepEqual(english({ ...before, environment }), [
      'the published addresses (ldap) of the environment changes from none to ldap://x',
    ]);
    const authority = before.authorities.get('aci-fo-pp');
    assert.ok(authority);
    const authorities = new Map([...before.authorities, [authority.id, { ...authority, currentGeneration: 2 }]]);
    assert.deepEqual(english({ ...before, authorities }), ['the current generation of aci-fo-pp rises from 1 to 2']);
    const professions = before.codeLists.get('professions');
    assert.ok(professions);
    const [, ...codes] = professions.codes;
    const codeLists = new Map([...before.codeLists, ['professions' as const, { ...professions, codes }]]);
    assert.deepEqual(english({ ...before, codeLists }), [
      'the list of codes of professions loses {"code":"10","label":"Médecin"}',
    ]);
  });
});

describe('the sample order of a profile', () => {
  for (const id of PROFILES) {
    it(`${id}: breaks no rule`, () => {
      const profile = before.profiles.get(id);
      assert.ok(profile);
      const issuer = testIssuer(before, profile.authority);
      const { spki } = testKey(keyTypeFor(id));
      const planned = planCertificate(before, { order: sampleOrder(profile, NOW), spki, issuer, now: NOW });
      assert.ok(planned.ok, JSON.stringify(planned));
    });
  }
});
