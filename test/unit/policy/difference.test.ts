import assert from 'node:assert/strict';
import { loadOpenPolicy } from '../../../src/config/policy.js';
import { type Change, policyDifferences } from '../../../src/policy/load/difference.js';
import type { Document, PolicyDocuments } from '../../../src/policy/load/documents.js';
import { planCertificate } from '../../../src/policy/plan/plan.js';
import { sampleOrder } from '../../../src/policy/plan/sample-order.js';
import { PROFILES } from '../../support/service/orders.js';
import { keyTypeFor, NOW, POLICIES, testIssuer, testKey, testPolicy } from './fixtures.js';

const before = documents();
const ID = 'fort/cps-signature';
const FILE = 'fort/profiles/cps-signature.json';

function documents(environment = 'development'): PolicyDocuments {
  const loaded = loadOpenPolicy(POLICIES, environment);
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.value;
}

type Lists = Pick<PolicyDocuments, 'authorities' | 'profiles' | 'codeLists'>;

/** The policy with some members of one file changed. */
function changed(list: keyof Lists, file: string, change: object): PolicyDocuments {
  return { ...before, [list]: before[list].map((document) => edited(document, file, change)) };
}

function edited(document: Document<object>, file: string, change: object): Document<object> {
  return document.file === file ? { file, body: { ...document.body, ...change } } : document;
}

const profiled = (change: object): PolicyDocuments => changed('profiles', FILE, change);
const bodyOf = (list: keyof Lists, file: string) =>
  before[list].find((one) => one.file === file)?.body as unknown as Readonly<Record<string, readonly object[]>>;
const texts = (changes: readonly Change[]) => changes.map(({ fr, en }) => ({ fr, en }));
const english = (after: PolicyDocuments): readonly string[] => policyDifferences(before, after).map(({ en }) => en);

describe('what changes from one policy to another', () => {
  it('is nothing for equal policies', () => {
    assert.deepEqual(policyDifferences(before, documents()), []);
  });

  it('is a sentence about a validity in the words of officers, in both languages', () => {
    assert.deepEqual(texts(policyDifferences(before, profiled({ validity: { years: 6 } }))), [
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
    const [first, second, ...others] = bodyOf('profiles', FILE).keyTypes ?? [];
    assert.ok(first && second);
    assert.deepEqual(english(profiled({ keyTypes: [second, first, ...others] })), [
      'the list of key types of fort/cps-signature changes its order',
    ]);
    const [country, ...rest] = bodyOf('profiles', FILE).subject ?? [];
    assert.ok(country);
    const [said = ''] = english(profiled({ subject: rest }));
    assert.equal(said, 'the composition of the subject of fort/cps-signature loses countryName = FR (2)');
  });

  it('is a sentence for switches, texts and numbers, and names unknown members by their pointers', () => {
    assert.deepEqual(english(profiled({ suspensionAllowed: 'campaign' })), [
      'the right to suspend of fort/cps-signature changes from never to campaign',
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
    const without = { ...before, profiles: before.profiles.filter(({ file }) => file !== FILE) };
    assert.deepEqual(english(without), [`profile ${ID} is removed`]);
    assert.deepEqual(policyDifferences(without, before)[0]?.en, `profile ${ID} is added`);
    const { file, body } = before.environment;
    const environment = { file, body: { ...body, addresses: { ...body.addresses, ldap: 'ldap://x' } } };
    assert.deepEqual(english({ ...before, environment }), [
      'the published addresses (ldap) of the environment changes from none to ldap://x',
    ]);
    const authority = changed('authorities', 'fort/authorities/aci-fo-pp.json', { currentGeneration: 2 });
    assert.deepEqual(english(authority), ['the current generation of aci-fo-pp rises from 1 to 2']);
    const [, ...codes] = bodyOf('codeLists', 'code-lists/professions.json').codes ?? [];
    assert.deepEqual(english(changed('codeLists', 'code-lists/professions.json', { codes })), [
      'the list of codes of professions loses {"code":"10","label":"Médecin"}',
    ]);
  });

  it('in production is also what officers kept, and what they must still decide', () => {
    const open = documents('production');
    const { file, body } = open.environment;
    const note = '2026-09-01, the committee: two batches an hour.';
    const decided = {
      ...body,
      policyOid: '1.2.250.1.213.1.7.1.1',
      sources: { ...body.sources, '/crl/overlap': 'decision', '/policyOid': 'decision' } as const,
      notes: { ...body.notes, '/crl/overlap': note, '/policyOid': note },
    };
    const changes = policyDifferences(open, { ...open, environment: { file, body: decided } });
    const at = (pointer: string) => changes.find((one) => one.file === file && one.pointer === pointer);
    const about = (pointer: string) => [at(pointer)?.state, at(pointer)?.decisions];
    assert.deepEqual(about('/policyOid'), ['changed', [note]]);
    assert.deepEqual([at('/policyOid')?.before, at('/policyOid')?.after], ['2.999.1', '1.2.250.1.213.1.7.1.1']);
    assert.deepEqual(about('/crl/overlap'), ['kept', [note]]);
    assert.deepEqual(about('/crl/jitter'), ['open', []]);
    assert.equal(at('/names'), undefined);
    assert.ok(changes.some((one) => one.file === FILE && one.pointer === '/keyTypes/4' && one.state === 'open'));
  });
});

describe('the sample order of a profile', () => {
  const policy = testPolicy();
  for (const id of PROFILES) {
    it(`${id}: breaks no rule`, () => {
      const profile = policy.profiles.get(id);
      assert.ok(profile);
      const issuer = testIssuer(policy, profile.authority);
      const { spki } = testKey(keyTypeFor(id));
      const planned = planCertificate(policy, { order: sampleOrder(profile, NOW), spki, issuer, now: NOW });
      assert.ok(planned.ok, JSON.stringify(planned));
    });
  }
});
