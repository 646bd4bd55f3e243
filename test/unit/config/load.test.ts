import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { findSocketGroups, groupIds } from '../../../src/config/groups.js';
import { checkConfig, configuredPolicy } from '../../../src/config/load.js';
import { HOME_PATH_BYTES_MAX, homeFault, homePaths } from '../../../src/config/paths.js';
import { CONFIG_SCHEMA } from '../../../src/config/schema/index.js';
import { PATTERN_DESCRIPTIONS } from '../../../src/config/schema/pattern-descriptions.js';

describe('the configuration file', () => {
  it('has a valid JSON Schema', () => {
    const ajv = new Ajv({ discriminator: true });
    assert.equal(ajv.validateSchema(CONFIG_SCHEMA), true, JSON.stringify(ajv.errors));
    assert.equal(ajv.validateSchema({ ...CONFIG_SCHEMA, type: 'thing' }), false, 'and it can fail');
  });

  it('may be empty in development, because every member has a default', () => {
    const checked = checkConfig({}, 'config.json');
    assert.ok(checked.ok);
    assert.equal(checked.value.environment, 'development');
    assert.deepEqual(checked.value.listen.api, { host: '127.0.0.1', port: 8443 });
    assert.deepEqual(checked.value.listen.publication, { host: '127.0.0.1', port: 8080, fastLane: true });
    assert.deepEqual(checked.value.listen.cmp, { host: '127.0.0.1', port: 8081 });
    assert.deepEqual(checked.value.listen.operators, { host: '127.0.0.1', port: 9090 });
  });

  it('reports all unknown members and wrong values at once, each with its path', () => {
    const checked = checkConfig({ enviroment: 'development', listen: { api: { port: 99999 } } }, 'config.json');
    assert.ok(!checked.ok);
    const { faults } = checked.error;
    assert.equal(faults.length, 2);
    assert.ok(faults.some((fault) => fault.includes('enviroment')));
    assert.ok(faults.some((fault) => fault.startsWith('config.json/listen/api/port')));
  });

  it('rejects duplicate keys, with file, path and advice', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pfcng-config-'));
    const file = join(folder, 'config.json');
    const before = process.env.PFCNG_CONFIG;
    process.env.PFCNG_CONFIG = file;
    try {
      writeFileSync(file, '{ "environment": "production", "blockedKeys": [], "\\u0065nvironment": "development" }');
      const read = configuredPolicy();
      const says = `${file}/environment: duplicate key in this object: remove one of the two`;
      assert.deepEqual(!read.ok && read.error.faults, [says]);
      writeFileSync(file, '{ "environment": "production", "blockedKeys": [] }');
      assert.equal(configuredPolicy().ok, true);
    } finally {
      if (before === undefined) delete process.env.PFCNG_CONFIG;
      else process.env.PFCNG_CONFIG = before;
      rmSync(folder, { recursive: true });
    }
  });

  it('describes every pattern in words, without regular expressions', () => {
    const asked = [...JSON.stringify(CONFIG_SCHEMA).matchAll(/"pattern":("[^"]*")/g)].map(([, text = '']) =>
      JSON.parse(text),
    );
    assert.ok(asked.length > 8);
    assert.deepEqual([...PATTERN_DESCRIPTIONS.keys()].sort(), [...new Set(asked)].sort());
    for (const words of PATTERN_DESCRIPTIONS.values()) assert.doesNotMatch(words, /[\^$[\]]/);
    const named = checkConfig({ pkcs11: { pins: { tokens: { nobody: { from: 'file' } } } } }, 'config.json');
    assert.ok(!named.ok);
    assert.match(named.error.faults.join(), /"nobody" must be the name of a token: ca-fort/);
  });

  it('has no outlets by default, and accepts directories and LDAP servers', () => {
    const none = checkConfig({}, 'config.json');
    assert.ok(none.ok);
    assert.deepEqual(none.value.publication, { outlets: [], selfCheckSeconds: 300 });
    const ldap = { kind: 'ldap', bindDn: 'cn=x', passwordFile: '/p' };
    const tls = { ca: '/ca.pem' };
    const faultsOf = (...outlets: readonly object[]): readonly string[] => {
      const checked = checkConfig({ publication: { outlets } }, 'config.json');
      return checked.ok ? [] : checked.error.faults;
    };
    assert.deepEqual(
      faultsOf(
        { kind: 'directory', name: 'web', path: '/srv/www' },
        { ...ldap, name: 'here', url: 'ldap://127.0.0.1:10389' },
        { ...ldap, name: 'there', url: 'ldaps://directory.example.org', tls },
        { ...ldap, name: 'start', url: 'ldap://directory.example.org', tls: { ...tls, startTls: true } },
      ),
      [],
    );
    const refused: readonly [object, RegExp][] = [
      [{ ...ldap, name: 'open', url: 'ldap://directory.example.org' }, /another machine/],
      [{ ...ldap, name: 'open', url: 'ldap://directory.example.org', tls }, /another machine/],
      [{ ...ldap, name: 'blind', url: 'ldaps://directory.example.org' }, /needs ca/],
      [
        { ...ldap, name: 'home', url: 'ldap://127.0.0.1' },
        /outlets\/0\/name: "home" must be a name of a-z, 0-9 and -, .* is not home$/,
      ],
      [{ kind: 'directory', name: 'web', path: 'relative' }, /"relative" must be an absolute path/],
      [{ kind: 's3', name: 'bucket' }, /kind/],
    ];
    for (const [outlet, fault] of refused) assert.match(faultsOf(outlet).join(), fault);
    const twice = { kind: 'directory', name: 'web', path: '/srv/www' };
    assert.match(faultsOf(twice, twice).join(), /another outlet has the name web/);
  });

  it('passes environment variables to the PKCS#11 library, except those that change how a process runs', () => {
    const withVariable = (name: string) => checkConfig({ pkcs11: { environment: { [name]: 'x' } } }, 'config.json');
    for (const name of ['YUBIHSM_PKCS11_CONF', 'ChrystokiConfigurationPath', 'CKNFAST_LOADSHARING']) {
      assert.ok(withVariable(name).ok, name);
    }
    for (const name of ['LD_PRELOAD', 'NODE_OPTIONS', 'PATH', 'UV_THREADPOOL_SIZE', 'SOFTHSM2_CONF', 'A=B', '']) {
      assert.ok(!withVariable(name).ok, name);
    }
  });

  it('reads PINs from files by default, allows another source for one or all tokens, and rejects unknown tokens', () => {
    const pinsOf = (pins: object) => checkConfig({ pkcs11: { pins } }, 'config.json');
    const none = checkConfig({}, 'config.json');
    assert.ok(none.ok);
    assert.deepEqual(none.value.pkcs11.pins, { default: { from: 'file' }, tokens: {} });
    const some = pinsOf({ default: { from: 'credential' }, tokens: { 'ca-fort': { from: 'officer' } } });
    assert.ok(some.ok);
    assert.deepEqual(some.value.pkcs11.pins.tokens, { 'ca-fort': { from: 'officer' } });
    assert.ok(!pinsOf({ tokens: { 'ca-frot': { from: 'officer' } } }).ok);
    assert.ok(!pinsOf({ tokens: { 'root-fort': { from: 'file' } } }).ok);
    assert.ok(!pinsOf({ default: { from: 'environment' } }).ok);
    assert.ok(!pinsOf({ default: { from: 'file', pin: '123456' } }).ok, 'a PIN has no place in a configuration');
  });

  it('accepts replicas of CA and OCSP tokens with correct names, and reports the field and the rule of others', () => {
    const replicas = (value: object, pins: object = {}) =>
      checkConfig({ pkcs11: { replicas: value, pins } }, 'config.json');
    const faultsOf = (value: object, pins?: object): string => {
      const checked = replicas(value, pins);
      return checked.ok ? '' : checked.error.faults.join('\n');
    };
    const good = replicas(
      {
        'ca-fort': [
          { name: 'ca-fort-b' },
          { name: 'ca-fort-c', label: 'original', module: '/x.so', environment: { A: '1' } },
        ],
      },
      { tokens: { 'ca-fort-b': { from: 'officer' } } },
    );
    assert.ok(good.ok, JSON.stringify(good));
    assert.equal(good.value.pkcs11.replicas['ca-fort']?.[0]?.label, 'own');
    assert.match(
      faultsOf({ 'ca-frot': [] }),
      /^config\.json\/pkcs11\/replicas\/ca-frot: only these tokens can have replicas: ca-fort, /,
    );
    assert.match(faultsOf({ platform: [{ name: 'platform-b' }] }), /replicas\/platform: only these tokens can have/);
    for (const name of ['ca-fort', 'ca-standard-b', 'ca-fort-B', 'ca-fort-bb', 'ca-fort_b', ''])
      assert.match(faultsOf({ 'ca-fort': [{ name }] }), /replicas\/ca-fort\/0\/name: .* must be ca-fort-x/, name);
    assert.match(
      faultsOf({ 'ca-fort': [{ name: 'ca-fort-b' }, { name: 'ca-fort-b' }] }),
      /ca-fort\/1\/name: another replica has the name ca-fort-b/,
    );
    assert.match(faultsOf({ 'ca-fort': [{ name: 'ca-fort-b', pin: '1' }] }), /unknown member pin/);
    assert.match(
      faultsOf({ 'ca-fort': [{ name: 'ca-fort-b', label: 'pfcng-production-ca-fort' }] }),
      /ca-fort\/0\/label/,
    );
    assert.match(faultsOf({ 'ca-fort': [{ name: 'ca-fort-b', environment: { LD_PRELOAD: 'x' } }] }), /0\/environment/);
    assert.match(
      faultsOf({ 'ca-fort': [{ name: 'ca-fort-b' }] }, { tokens: { 'ca-fort-c': { from: 'officer' } } }),
      /pins\/tokens\/ca-fort-c: no token or replica has this name/,
    );
  });

  it('finds groups in /etc/group, and rejects a missing one', () => {
    const ids = groupIds('root:x:0:\npfcng-api:x:64911:pfcng,other\n# no group\nbad:x:y:\n');
    assert.deepEqual(
      [...ids],
      [
        ['root', 0],
        ['pfcng-api', 64911],
      ],
    );
    const groups = { api: 'root', worker: 'root', responder: 'pfcng-nobody-has-this' };
    const found = findSocketGroups({ folder: '/run/pfcng-signers', groups });
    assert.ok(!found.ok);
    assert.match(found.error, /no group pfcng-nobody-has-this/);
    assert.deepEqual(findSocketGroups(undefined), { ok: true, value: null });
  });

  it('allows another public address only in development', () => {
    const publicAddress = 'http://127.0.0.1:18080';
    assert.ok(checkConfig({ publicAddress }, 'config.json').ok);
    assert.ok(!checkConfig({ publicAddress, environment: 'production' }, 'config.json').ok);
  });
});

describe('the paths of a home folder', () => {
  it('are rejected if sockets would exceed the limit of macOS, and accepted up to it', () => {
    const longest = `/${'h'.repeat(HOME_PATH_BYTES_MAX - 1)}`;
    const { run, ceremony, tokens } = homePaths(longest);
    for (const socket of [
      `${run}/signers/ocsp-elementaire-b/responder/socket`,
      `${run}/ceremony/elementaire/lock.9999`,
      `${ceremony}/elementaire/.new-root-token/lock.1`,
      `${tokens}/ocsp-elementaire-b/lock.9999`,
    ])
      assert.ok(Buffer.byteLength(socket) <= 103, socket);
    assert.equal(homeFault(longest, 'darwin'), null);
    assert.match(
      homeFault(`${longest}h`, 'darwin') ?? '',
      /a path of 56 bytes.*allow 55: set PFCNG_HOME to a shorter path/,
    );
    assert.equal(homeFault(`${longest}h`, 'linux'), null);
  });
});
