import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPolicy } from '../../../src/policy/load.js';
import { HIERARCHIES } from '../../../src/policy/model.js';
import { overridesFor } from '../../../src/policy/overrides.js';
import { ORDERED_PROFILES, POLICIES, policyCopy, testPolicy } from './fixtures.js';

type Json = Record<string, unknown>;
/** Files of a kind that may be spoiled, and what then is said: pointer and part of the message. */
type Spoiling = {
  readonly title: string;
  readonly file: string;
  readonly change: (body: Json) => unknown;
  readonly pointer: string;
  readonly says: string;
};

const CPS = 'fort/profiles/cps-signature.json';
const CPE = 'standard/profiles/cpe-authentication.json';
const SERV = 'elementaire/profiles/serv-ssl.json';
const OCSP = 'fort/profiles/ocsp-pp.json';
const DEV = 'environments/development.json';
const ACI = 'fort/authorities/aci-fo-pp.json';
const ACR = 'fort/authorities/acr-fo.json';

const SCHEMA_FAULTS: readonly Spoiling[] = [
  {
    title: 'an unknown member',
    file: CPS,
    change: (b) => ({ ...b, keyUsages: [] }),
    pointer: '/keyUsages',
    says: 'not a known',
  },
  { title: 'a missing member', file: CPS, change: ({ keyUsage: _, ...b }) => b, pointer: '/keyUsage', says: 'missing' },
  {
    title: 'a key usage of authorities',
    file: CPS,
    change: (b) => ({ ...b, keyUsage: ['keyCertSign'] }),
    pointer: '/keyUsage/0',
    says: 'one of',
  },
  {
    title: 'a key type that does not exist',
    file: ACI,
    change: (b) => ({ ...b, keyType: 'rsa-1024' }),
    pointer: '/keyType',
    says: 'one of',
  },
  {
    title: 'an address without http',
    file: DEV,
    change: (b) => ({ ...b, addresses: { ...(b.addresses as Json), ocsp: 'ftp://x' } }),
    pointer: '/addresses/ocsp',
    says: 'pattern',
  },
  {
    title: 'a name that RFC 4514 would escape',
    file: ACI,
    change: (b) => ({ ...b, commonName: 'AC, ET' }),
    pointer: '/commonName',
    says: 'pattern',
  },
  {
    title: 'seven years',
    file: CPS,
    change: (b) => ({ ...b, validity: { years: 7 } }),
    pointer: '/validity/years',
    says: '<= 6',
  },
  {
    title: 'years and days',
    file: CPS,
    change: (b) => ({ ...b, validity: { years: 3, days: 1 } }),
    pointer: '/validity',
    says: 'more than 1',
  },
  {
    title: 'a source of no kind',
    file: 'fort/hierarchy.json',
    change: (b) => ({ ...b, sources: { '/authorityNames': 'rumour' } }),
    pointer: '/sources/~1authorityNames',
    says: 'one of',
  },
];

const CROSS_FAULTS: readonly Spoiling[] = [
  {
    title: 'a profile of an authority that does not exist',
    file: CPS,
    change: (b) => ({ ...b, authority: 'aci-fo-xx' }),
    pointer: '/authority',
    says: 'no authority',
  },
  {
    title: 'a profile of an authority of another hierarchy',
    file: CPS,
    change: (b) => ({ ...b, authority: 'aci-el-pp' }),
    pointer: '/authority',
    says: 'another hierarchy',
  },
  {
    title: 'a profile issued by a root',
    file: CPS,
    change: (b) => ({ ...b, authority: 'acr-fo' }),
    pointer: '/authority',
    says: 'root',
  },
  {
    title: 'a profile id that is not its path',
    file: CPS,
    change: (b) => ({ ...b, id: 'fort/cps-authentication' }),
    pointer: '/id',
    says: 'path',
  },
  {
    title: 'a profile of another folder',
    file: CPS,
    change: (b) => ({ ...b, hierarchy: 'standard' }),
    pointer: '/hierarchy',
    says: 'folder',
  },
  {
    title: 'client authentication without digitalSignature',
    file: CPE,
    change: (b) => ({ ...b, keyUsage: ['nonRepudiation'] }),
    pointer: '/extendedKeyUsage/0',
    says: 'digitalSignature',
  },
  {
    title: 'OCSP signing for anybody but a responder',
    file: CPE,
    change: (b) => ({ ...b, extendedKeyUsage: ['ocspSigning'] }),
    pointer: '/extendedKeyUsage',
    says: 'responders alone',
  },
  {
    title: 'a responder that may do something else too',
    file: OCSP,
    change: (b) => ({ ...b, extendedKeyUsage: ['ocspSigning', 'clientAuth'] }),
    pointer: '/extendedKeyUsage',
    says: 'one purpose',
  },
  {
    title: 'a responder without ocsp-nocheck',
    file: OCSP,
    change: (b) => ({ ...b, ocspNoCheck: false }),
    pointer: '/ocspNoCheck',
    says: 'nocheck',
  },
  {
    title: 'ocsp-nocheck for anybody but a responder',
    file: CPS,
    change: (b) => ({ ...b, ocspNoCheck: true }),
    pointer: '/ocspNoCheck',
    says: 'responders alone',
  },
  {
    title: 'a responder whose life is not that of its authority file',
    file: OCSP,
    change: (b) => ({ ...b, validity: { days: 30 } }),
    pointer: '/validity/days',
    says: 'authority file',
  },
  {
    title: 'a FORT profile without identity evidence',
    file: CPS,
    change: (b) => ({ ...b, assurance: null }),
    pointer: '/assurance',
    says: 'identity evidence',
  },
  {
    title: 'smart card logon without a principal name',
    file: CPE,
    change: (b) => ({ ...b, subjectAltName: null }),
    pointer: '/subjectAltName',
    says: 'principal name',
  },
  {
    title: 'a server without names',
    file: SERV,
    change: (b) => ({ ...b, subjectAltName: null }),
    pointer: '/subjectAltName',
    says: 'names',
  },
  {
    title: 'a card category without cards',
    file: CPS,
    change: (b) => ({ ...b, cardProducts: null }),
    pointer: '/gip/cardType',
    says: 'no card',
  },
  {
    title: 'an attribute that the holder has not',
    file: CPS,
    change: (b) => ({
      ...b,
      subject: [
        ...(b.subject as Json[]),
        [
          {
            type: 'organizationName',
            form: 'utf8String',
            value: { from: '/holder/structure/name' },
            charactersMax: 40,
          },
        ],
      ],
    }),
    pointer: '/subject/3/0/value/from',
    says: 'has no',
  },
  {
    title: 'an attribute longer than RFC 5280 allows',
    file: CPS,
    change: (b) => ({
      ...b,
      subject: [
        (b.subject as Json[])[0],
        [{ type: 'title', form: 'utf8String', value: { from: '/holder/title' }, charactersMax: 65 }],
        (b.subject as Json[])[2],
      ],
    }),
    pointer: '/subject/1/0/charactersMax',
    says: '64',
  },
  {
    title: 'a value without a source',
    file: CPS,
    change: (b) => ({ ...b, sources: {} }),
    pointer: '/keyUsage',
    says: 'where it comes from',
  },
  {
    title: 'a source of nothing',
    file: CPS,
    change: (b) => ({ ...b, sources: { ...(b.sources as Json), '/nothing': 'observed' } }),
    pointer: '/sources',
    says: 'nowhere',
  },
  {
    title: 'an authority id that is not its file',
    file: ACI,
    change: (b) => ({ ...b, id: 'aci-fo-pq' }),
    pointer: '/id',
    says: 'file',
  },
  {
    title: 'an authority under the root of another hierarchy',
    file: ACI,
    change: (b) => ({ ...b, issuer: 'acr-el' }),
    pointer: '/issuer',
    says: 'same hierarchy',
  },
  {
    title: 'an authority that outlives its root',
    file: ACI,
    change: (b) => ({ ...b, validity: { years: 20, daysLess: 0 } }),
    pointer: '/validity',
    says: 'before its root',
  },
  {
    title: 'an issuing authority without a responder',
    file: ACI,
    change: (b) => ({ ...b, ocspSigner: null }),
    pointer: '/ocspSigner',
    says: 'responder',
  },
  {
    title: 'a root with a responder',
    file: ACR,
    change: (b) => ({ ...b, ocspSigner: { keyType: 'p-256', validityDays: 30 } }),
    pointer: '/ocspSigner',
    says: 'no responder',
  },
  {
    title: 'a root under another',
    file: ACR,
    change: (b) => ({ ...b, issuer: 'acr-el' }),
    pointer: '/issuer',
    says: 'own issuer',
  },
  {
    title: 'two authorities of one name',
    file: ACI,
    change: (b) => ({ ...b, commonName: 'AC IGC-SANTE STANDARD PERSONNES' }),
    pointer: '/commonName',
    says: 'another authority',
  },
  {
    title: 'a hierarchy in the wrong folder',
    file: 'fort/hierarchy.json',
    change: (b) => ({ ...b, id: 'standard' }),
    pointer: '/id',
    says: 'folder',
  },
  {
    title: 'CRLs less often than every day',
    file: DEV,
    change: (b) => ({ ...b, crl: { ...(b.crl as Json), period: 'PT25H' } }),
    pointer: '/crl/period',
    says: 'longer',
  },
  {
    title: 'caches that outlive an answer',
    file: DEV,
    change: (b) => ({ ...b, ocspAnswers: { ...(b.ocspAnswers as Json), life: 'PT4M' } }),
    pointer: '/ocspAnswers/maxAge',
    says: 'beyond its life',
  },
  {
    title: 'a duration of nothing',
    file: DEV,
    change: (b) => ({ ...b, crl: { ...(b.crl as Json), overlap: 'PT0S' } }),
    pointer: '/crl/overlap',
    says: 'above zero',
  },
  {
    title: 'an exception for a profile that does not exist',
    file: DEV,
    change: (b) => ({
      ...b,
      keyExceptions: [{ ...((b.keyExceptions as Json[])[0] as Json), profiles: ['fort/none'] }],
    }),
    pointer: '/keyExceptions/0/profiles/0',
    says: 'no profile',
  },
  {
    title: 'an exception until a day that does not exist',
    file: DEV,
    change: (b) => ({
      ...b,
      keyExceptions: [{ ...((b.keyExceptions as Json[])[0] as Json), expires: '2027-02-30T00:00:00Z' }],
    }),
    pointer: '/keyExceptions/0/expires',
    says: 'day',
  },
  {
    title: 'suspension of a profile that does not exist',
    file: DEV,
    change: (b) => ({ ...b, suspensionAlsoFor: ['fort/none'] }),
    pointer: '/suspensionAlsoFor/0',
    says: 'no profile',
  },
  {
    title: 'development under a real name',
    file: DEV,
    change: (b) => ({ ...b, names: { organizationalUnit: 'IGC-SANTE', commonNamePrefix: 'TEST ' } }),
    pointer: '/names/organizationalUnit',
    says: 'TEST',
  },
  {
    title: 'real cards in development',
    file: DEV,
    change: (b) => ({ ...b, cardCategories: { ...(b.cardCategories as Json), card: '00' } }),
    pointer: '/cardCategories/card',
    says: 'real cards',
  },
  {
    title: 'a mark that is not the file',
    file: DEV,
    change: (b) => ({ ...b, mark: 'production' }),
    pointer: '/mark',
    says: 'name of the file',
  },
];

describe('the policy folder', () => {
  let copy: ReturnType<typeof policyCopy>;
  beforeEach(() => {
    copy = policyCopy();
  });
  afterEach(() => copy.remove());

  it('loads for development, with all authorities and profiles', () => {
    const loaded = loadPolicy(POLICIES, 'development');
    assert.deepEqual(loaded.ok ? [] : loaded.error, []);
    const policy = testPolicy({});
    assert.deepEqual([...policy.hierarchies.keys()], HIERARCHIES);
    assert.equal(policy.authorities.size, 9);
    assert.deepEqual(
      [...policy.authorities.values()].map(({ keyType }) => keyType),
      Array(9).fill('rsa-4096'),
    );
    for (const id of ORDERED_PROFILES) assert.ok(policy.profiles.has(id), id);
    assert.equal(policy.profiles.size, ORDERED_PROFILES.length + 6);
    assert.deepEqual(policy.environment.crl, { periodMs: 86_400_000, overlapMs: 43_200_000, afterRevocationMs: 2_000 });
    assert.deepEqual(policy.environment.ocspAnswers, { lifeMs: 43_200_000, maxAgeMs: 300_000, neverIssued: 'unknown' });
  });

  for (const { title, file, change, pointer, says } of [...SCHEMA_FAULTS, ...CROSS_FAULTS])
    it(`refuses ${title}, naming the file and the place`, () => {
      copy.change(file, change);
      const faults = copy.load();
      const found = faults.find((fault) => fault.file === file && fault.pointer === pointer);
      assert.ok(found, `no fault at ${file} ${pointer} among ${JSON.stringify(faults)}`);
      assert.ok(found.message.includes(says), found.message);
    });

  it('reports the faults of several files at once, in the order of files and places', () => {
    for (const { file, change } of SCHEMA_FAULTS.slice(0, 1)) copy.change(file, change);
    copy.change(ACI, (body) => ({ ...body, keyType: 'dsa', extra: 1 }));
    copy.change(DEV, (body) => ({ ...body, policyOid: 'x' }));
    assert.deepEqual(
      copy.load().map(({ file, pointer }) => `${file}${pointer}`),
      [`${DEV}/policyOid`, `${ACI}/extra`, `${ACI}/keyType`, `${CPS}/keyUsages`],
    );
  });

  it('reports the faults between files at once', () => {
    copy.change(CPS, (body) => ({ ...body, authority: 'aci-el-pp', ocspNoCheck: true }));
    copy.change(ACR, (body) => ({ ...body, issuer: 'acr-el' }));
    const places = copy.load().map(({ file, pointer }) => `${file}${pointer}`);
    for (const place of [`${CPS}/authority`, `${CPS}/ocspNoCheck`, `${ACR}/issuer`]) assert.ok(places.includes(place));
  });

  it('refuses what is not JSON, a stray file, and an environment that does not exist', () => {
    copy.write(CPS, '{"id": ');
    copy.write('fort/profiles/notes.txt', 'x');
    const faults = copy.load('staging');
    assert.deepEqual(
      faults.map(({ file }) => file),
      ['environments/staging.json', CPS, 'fort/profiles/notes.txt'],
    );
    assert.equal(copy.load('../secrets').length, 1);
  });

  it('catches a mutation of every policy file: a member taken away, a member of nothing put in', () => {
    const policy = testPolicy({});
    const files = [
      DEV,
      ...HIERARCHIES.map((id) => `${id}/hierarchy.json`),
      ...[...policy.authorities.values()].map(({ id, hierarchy }) => `${hierarchy}/authorities/${id}.json`),
      ...[...policy.profiles.keys()].map((id) => id.replace('/', '/profiles/')).map((path) => `${path}.json`),
    ];
    for (const file of files) {
      const text = readFileSync(join(POLICIES, file), 'utf8');
      for (const member of Object.keys(JSON.parse(text)).filter((key) => key !== '$schema' && key !== 'notes')) {
        copy.change(file, (body) => ({ ...body, [member]: undefined }));
        assert.ok(
          copy.load().some((fault) => fault.file === file),
          `${file} without ${member}`,
        );
        copy.write(file, text);
      }
      copy.change(file, (body) => ({ ...body, surplus: true }));
      assert.deepEqual(
        copy.load().map(({ pointer }) => pointer),
        ['/surplus'],
        file,
      );
      copy.write(file, text);
    }
    assert.deepEqual(copy.load(), []);
  });

  it('keeps its ceilings when a schema is changed to allow more', () => {
    const schema = readFileSync(join(POLICIES, 'schemas/profile.schema.json'), 'utf8');
    copy.write(
      'schemas/profile.schema.json',
      schema
        .replace('"maximum": 6 ', '"maximum": 60 ')
        .replace('"keyEncipherment"]', '"keyEncipherment", "keyCertSign"]'),
    );
    copy.change(CPS, (body) => ({ ...body, validity: { years: 7 }, keyUsage: ['nonRepudiation', 'keyCertSign'] }));
    const places = copy.load().map(({ pointer }) => pointer);
    assert.deepEqual(places, ['/keyUsage/1', '/validity']);
  });

  it('has one digest for one policy, and another for any other', () => {
    const digest = testPolicy({}).digest;
    assert.match(digest, /^[0-9a-f]{64}$/);
    assert.equal(testPolicy({}).digest, digest);
    copy.change(ACI, (body) => Object.fromEntries(Object.entries(body).reverse()));
    const reordered = loadPolicy(copy.directory, 'development');
    assert.equal(reordered.ok && reordered.value.digest, digest);
    copy.change(ACI, (body) => ({ ...body, currentGeneration: 2 }));
    const changed = loadPolicy(copy.directory, 'development');
    assert.notEqual(changed.ok && changed.value.digest, digest);
    assert.notEqual(testPolicy().digest, digest);
  });
});

describe('an overlay over the policy files', () => {
  it('changes key types and addresses, under the same schemas', () => {
    const policy = testPolicy(overridesFor({ authorityKeyType: 'p-384', publicAddress: 'http://127.0.0.1:18080' }));
    assert.deepEqual(new Set([...policy.authorities.values()].map(({ keyType }) => keyType)), new Set(['p-384']));
    assert.equal(policy.environment.addresses.ocsp, 'http://127.0.0.1:18080/ocsp');
    const refused = loadPolicy(POLICIES, 'development', { environment: { addresses: { ocsp: 'nowhere' } } });
    assert.deepEqual(!refused.ok && refused.error.map(({ file, pointer }) => file + pointer), [
      `${DEV}/addresses/ocsp`,
    ]);
  });

  it('cannot name what does not exist, and cannot touch production', () => {
    const unknown = loadPolicy(POLICIES, 'development', { authorities: { 'aci-xx': {} }, profiles: { 'fort/x': {} } });
    assert.deepEqual(!unknown.ok && unknown.error.map(({ pointer }) => pointer), ['/authorities', '/profiles']);
    const production = loadPolicy(POLICIES, 'production', overridesFor({ authorityKeyType: 'p-256' }));
    assert.deepEqual(!production.ok && production.error.map(({ pointer }) => pointer), ['/mark']);
  });
});

describe('the schemas', () => {
  for (const name of ['common', 'environment', 'hierarchy', 'authority', 'profile'])
    it(`describe every member of ${name}`, () => {
      const undescribed: string[] = [];
      const walk = (node: unknown, path: string): void => {
        if (typeof node !== 'object' || node === null) return;
        for (const [key, value] of Object.entries(node)) {
          if (key === 'properties')
            for (const [member, schema] of Object.entries(value as Record<string, Json>)) {
              if (schema.description === undefined && schema.$ref === undefined) undescribed.push(`${path}/${member}`);
            }
          walk(value, `${path}/${key}`);
        }
      };
      walk(JSON.parse(readFileSync(join(POLICIES, `schemas/${name}.schema.json`), 'utf8')), '');
      assert.deepEqual(undescribed, []);
    });
});
