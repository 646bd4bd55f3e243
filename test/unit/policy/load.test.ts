import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { loadOpenPolicy, loadPolicy } from '../../../src/config/policy.js';
import { profileFaults } from '../../../src/policy/checks/profiles.js';
import { SCHEMA_NAMES } from '../../../src/policy/load/documents.js';
import { overridesFor } from '../../../src/policy/load/overrides.js';
import { CODE_LISTS, HIERARCHIES } from '../../../src/policy/model.js';
import { PROFILES } from '../../support/service/orders.js';
import { CARD_FAULTS } from './card-faults.js';
import { ENROLMENT_FAULTS } from './enrolment-faults.js';
import { ENVIRONMENT_FAULTS } from './environment-faults.js';
import { POLICIES, policyCopy, testPolicy } from './fixtures.js';
import { KEY_FAULTS } from './key-faults.js';
import { ACI, ACR, CPS, CROSS_FAULTS, DEV, type Json, SCHEMA_FAULTS } from './policy-faults.js';

/** Members that a policy file may leave out; the last three are those of code lists. */
const OPTIONAL: readonly string[] = ['$schema', 'notes', 'oid', 'version', 'published'];

/** Where a profile is; that of a conformance suite is in development alone. */
function fileOf(profile: string): string {
  if (profile === 'elementaire/cmp-suite') return `environments/development/${profile}.json`;
  return `${profile.replace('/', '/profiles/')}.json`;
}

describe('the policy folder', () => {
  let copy: ReturnType<typeof policyCopy>;
  beforeEach(() => {
    copy = policyCopy();
  });
  afterEach(() => copy.remove());

  it('has valid schemas', () => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true });
    const folder = join(POLICIES, 'schemas');
    for (const name of readdirSync(folder)) {
      const schema = JSON.parse(readFileSync(join(folder, name), 'utf8')) as object;
      assert.equal(ajv.validateSchema(schema), true, `${name}: ${JSON.stringify(ajv.errors)}`);
      assert.equal(ajv.validateSchema({ ...schema, type: 'thing' }), false, 'and it can fail');
    }
  });

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
    for (const id of PROFILES) assert.ok(policy.profiles.has(id), id);
    // Responders, CMP signers, and the profile of a conformance suite.
    assert.equal(policy.profiles.size, PROFILES.length + 6 + 4 + 1);
    assert.deepEqual(policy.environment.crl, {
      periodMs: 86_400_000,
      overlapMs: 43_200_000,
      jitterMs: 600_000,
      daily: null,
      afterRevocationMs: 2_000,
      afterRevocationMsMax: 10_000,
      onRevocation: 'full',
      delta: { periodMs: 3_600_000, overlapMs: 3_600_000, entriesMax: 50_000 },
      partitions: {},
    });
    assert.deepEqual(policy.environment.ocspAnswers, {
      lifeMs: 43_200_000,
      maxAgeMs: 300_000,
      staleMsMax: 300_000,
      neverIssued: 'unknown',
    });
  });

  for (const { title, file, change, pointer, says } of [
    ...SCHEMA_FAULTS,
    ...CROSS_FAULTS,
    ...KEY_FAULTS,
    ...ENVIRONMENT_FAULTS,
    ...CARD_FAULTS,
    ...ENROLMENT_FAULTS,
  ])
    it(`refuses ${title}, naming the file and the place`, () => {
      copy.change(file, change);
      const faults = copy.load();
      const found = faults.filter((fault) => fault.file === file && fault.pointer === pointer);
      assert.ok(
        found.some(({ message }) => message.includes(says)),
        `no such fault at ${file} ${pointer} among ${JSON.stringify(faults)}`,
      );
    });

  it('refuses shared secrets of accounts in production', () => {
    copy.change('environments/production.json', (body) => ({
      ...body,
      enrolment: { ...(body.enrolment as object), accountSecrets: true },
    }));
    const places = copy.load('production').map(({ file, pointer }) => `${file}${pointer}`);
    assert.ok(places.includes('environments/production.json/enrolment/accountSecrets'), places.join());
  });

  it('has the profile of a conformance suite in development alone, and refuses it elsewhere', () => {
    const file = 'environments/development/elementaire/cmp-suite.json';
    const places = () => copy.load('production').map((fault) => `${fault.file}${fault.pointer} ${fault.message}`);
    assert.deepEqual(
      places().filter((one) => one.includes('cmp-suite')),
      [],
    );
    renameSync(join(copy.directory, file), join(copy.directory, 'elementaire/profiles/cmp-suite.json'));
    const refused = 'elementaire/profiles/cmp-suite.json/enrolment/conformanceSuite is for the development';
    assert.ok(
      places().some((one) => one.startsWith(refused)),
      places().join('\n'),
    );
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

  it('refuses a folder of code lists in which one is missing, or one is that no rule uses', () => {
    rmSync(join(copy.directory, 'code-lists/professions.json'));
    copy.write('code-lists/specialities.json', readFileSync(join(POLICIES, 'code-lists/professions.json'), 'utf8'));
    assert.deepEqual(
      copy.load().map(({ file, message }) => `${file}: ${message}`),
      [
        'code-lists/professions.json: is missing',
        'code-lists/specialities.json: is not one of the lists departments, professions, special-use-domains',
      ],
    );
  });

  it('rejects a duplicate key, with file, place and what to do', () => {
    const of = (file: string): string => readFileSync(join(POLICIES, file), 'utf8');
    copy.write(CPS, of(CPS).replace('"keyUsage":', '"keyUsage": ["nonRepudiation"], "key\\u0055sage":'));
    copy.write(DEV, of(DEV).replace('"ocsp":', '"ocsp": "http://ocsp.example.org", "ocsp":'));
    const says = 'duplicate key in this object: remove one of the two';
    assert.deepEqual(
      copy.load().map(({ file, pointer, message }) => `${file}${pointer}: ${message}`),
      [`${DEV}/addresses/ocsp: ${says}`, `${CPS}/keyUsage: ${says}`],
    );
  });

  it('finds a missing and an unknown member in every policy file', () => {
    const policy = testPolicy({});
    const files = [
      DEV,
      ...HIERARCHIES.map((id) => `${id}/hierarchy.json`),
      ...[...policy.authorities.values()].map(({ id, hierarchy }) => `${hierarchy}/authorities/${id}.json`),
      ...[...policy.profiles.keys()].map(fileOf),
      ...CODE_LISTS.map((name) => `code-lists/${name}.json`),
    ];
    for (const file of files) {
      const text = readFileSync(join(POLICIES, file), 'utf8');
      for (const member of Object.keys(JSON.parse(text)).filter((key) => !OPTIONAL.includes(key))) {
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

  it('is checked against the schemas of the program, whatever schemas it has', () => {
    const schema = readFileSync(join(POLICIES, 'schemas/profile.schema.json'), 'utf8');
    copy.write('schemas/profile.schema.json', schema.replace('"maximum": 6\n', '"maximum": 60\n'));
    copy.change(CPS, (body) => ({ ...body, validity: { years: 7 } }));
    assert.deepEqual(
      copy.load().map(({ file, pointer }) => file + pointer),
      [`${CPS}/validity/years`],
    );
  });

  it('has ceilings in the code too, which hold if a schema allowed more', () => {
    const loaded = loadOpenPolicy(POLICIES, 'development');
    assert.ok(loaded.ok);
    const profiles = loaded.value.profiles.map(({ file, body }) =>
      file === CPS
        ? { file, body: { ...body, validity: { years: 7 }, keyUsage: ['nonRepudiation', 'keyCertSign'] as never } }
        : { file, body },
    );
    const places = profileFaults({ ...loaded.value, profiles }).map(({ pointer }) => pointer);
    assert.deepEqual(places.sort(), ['/keyUsage/1', '/validity']);
  });

  it('has the same digest for the same policy, and another for any other', () => {
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
  for (const name of SCHEMA_NAMES)
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
