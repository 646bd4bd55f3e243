/**
 * A start on a home folder from which a file is missing, or in which a file is wrong. Without these
 * checks, a person learns from one start after the other what is missing, and from half of them
 * only after signers, database and listeners were started.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadInstallation } from '../../../../src/compose/home.js';
import type { RoleName, StartFault } from '../../../../src/compose/requirements/requirement.js';
import { findFaults, startFaults } from '../../../../src/compose/requirements/table.js';
import { makeSelfSigned } from '../../../support/servers/self-signed.js';
import { configure, makeServiceHome, removeServiceHome, type ServiceHome } from '../../../support/service/home.js';
import { createPreparedService, runPfcng, type Service } from '../../../support/service/service.js';
import { EVERY_ROLE, FILES, type FileRow, isNeeded } from './files.js';

const MADE_MS_MAX = 60_000;

describe('a start without a file that it needs', function () {
  this.timeout(240_000);
  let at: ServiceHome;
  let service: Service;
  const folders = { home: '', tls: '' };
  const environment = { PFCNG_HOME: process.env.PFCNG_HOME, PFCNG_CONFIG: process.env.PFCNG_CONFIG };

  before(async () => {
    at = await makeServiceHome('p-256');
    service = await createPreparedService(at);
    folders.home = at.home;
    folders.tls = join(at.folder, 'tls');
    mkdirSync(folders.tls);
    const tls = (name: string): string => join(folders.tls, name);
    for (const name of ['server.crt.pem', 'server.key.pem']) cpSync(join(at.home, 'credentials', name), tls(name));
    cpSync(join(at.home, 'credentials/tls-ca.pem'), tls('ldap-ca.pem'));
    writeFileSync(tls('ldap.password'), 'secret\n', { mode: 0o400 });
    writeFileSync(tls('blocked.txt'), '# none\n');
    const ldap = { kind: 'ldap', name: 'ldap', url: 'ldaps://directory.invalid', bindDn: 'cn=x' };
    configure(at, {
      tls: { certificate: tls('server.crt.pem'), key: tls('server.key.pem') },
      blockedKeys: [tls('blocked.txt')],
      publication: { outlets: [{ ...ldap, passwordFile: tls('ldap.password'), tls: { ca: tls('ldap-ca.pem') } }] },
    });
    process.env.PFCNG_HOME = at.home;
    process.env.PFCNG_CONFIG = at.configFile;
  });
  after(async () => {
    await service.stop();
    for (const [name, value] of Object.entries(environment)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    removeServiceHome(at);
  });

  /** Every file as `home/...` or `tls/...`; a folder that a row names counts as one file. */
  function allFiles(): readonly string[] {
    const below = (name: string): readonly string[] =>
      readdirSync(pathOf(name)).flatMap((entry) => {
        const path = `${name}/${entry}`;
        const isOne = FILES.some((row) => row.path.test(path)) || !statSync(pathOf(path)).isDirectory();
        return isOne ? [path] : below(path);
      });
    return [...below('home'), ...below('tls')];
  }
  const pathOf = (name: string): string =>
    name.startsWith('home') ? join(folders.home, name.slice(4)) : join(folders.tls, name.slice(3));
  const faultsFor = (role: RoleName): Promise<readonly StartFault[]> => startFaults(loadInstallation(), role);
  const placesOf = (faults: readonly StartFault[]): readonly string[] => faults.map(({ place }) => place);
  async function without<Value>(names: readonly string[], work: () => Promise<Value>): Promise<Value> {
    for (const name of names) renameSync(pathOf(name), `${pathOf(name)}.aside`);
    try {
      return await work();
    } finally {
      for (const name of names) {
        rmSync(pathOf(name), { recursive: true, force: true });
        renameSync(`${pathOf(name)}.aside`, pathOf(name));
      }
    }
  }
  /** Runs `pfcng serve`, and demands that it has started nothing: not even a lock was made. */
  async function refusedStart(...options: readonly string[]): Promise<string> {
    rmSync(join(at.home, 'run'), { recursive: true, force: true });
    const { status, stdout, stderr } = await runPfcng(at, 'serve', ...options);
    assert.deepEqual([status, stdout], [1, ''], stderr);
    assert.equal(existsSync(join(at.home, 'run')), false, 'neither a lock nor a signer');
    assert.doesNotMatch(stderr, /"event"|"level"|^\s+at /m);
    return stderr;
  }
  const firstOf = ({ path }: FileRow): string =>
    allFiles().find((name) => path.test(name)) ?? assert.fail(`no file for ${path}`);

  it('is tried with every file: each has a row in the table of this test, and each row has a file', () => {
    const files = allFiles();
    assert.deepEqual(
      files.filter((name) => FILES.filter(({ path }) => path.test(name)).length !== 1),
      [],
    );
    for (const row of FILES.filter(isNeeded))
      assert.ok(
        files.some((name) => row.path.test(name)),
        String(row.path),
      );
    assert.ok(files.length > 30, String(files.length));
  });

  it('finds nothing missing when all files are there', async () => {
    for (const role of EVERY_ROLE) assert.deepEqual(await faultsFor(role), []);
  });

  it('names each file alone, what it is for, and the command that makes it', async () => {
    for (const row of FILES.filter(isNeeded)) {
      for (const name of allFiles().filter((one) => row.path.test(one))) {
        await without([name], async () => {
          const faults = await faultsFor('all');
          assert.deepEqual(placesOf(faults), [pathOf(name)]);
          const [{ purpose, remedy } = assert.fail(name)] = faults;
          assert.match(purpose.en, row.purpose);
          assert.match(remedy.en, row.remedy);
          const isForResponders = row.roles.includes('responder');
          assert.deepEqual(placesOf(await faultsFor('responder')), isForResponders ? [pathOf(name)] : []);
        });
      }
    }
  });

  for (const row of FILES.filter(isNeeded)) {
    it(`without ${row.path.source.replaceAll('\\', '')} ends before it has started anything`, async () => {
      const name = firstOf(row);
      await without([name], async () => {
        const said = await refusedStart();
        assert.ok(said.includes(pathOf(name)), said);
        assert.match(said, row.purpose);
        assert.match(said, row.remedy);
      });
    });
  }

  it('reports all that is missing at once, French first, with the configuration as it is', async () => {
    const names = FILES.filter(isNeeded).map(firstOf);
    await without(names, async () => {
      const said = await refusedStart();
      const [heading = ''] = said.split('\n');
      const count = `(${names.length})`;
      assert.equal(
        heading,
        `pfcng: PFCNG ne démarre pas ; à corriger ${count} : / PFCNG does not start; to be corrected ${count}:`,
      );
      for (const name of names) assert.ok(said.includes(`${pathOf(name)}: `), `${name}\n${said}`);
      for (const row of FILES.filter(isNeeded)) assert.match(said, row.remedy);
      const responder = await refusedStart('--roles', 'responder');
      for (const [index, row] of FILES.filter(isNeeded).entries()) {
        const isNamed = responder.includes(`${pathOf(names[index] ?? '')}: `);
        assert.equal(isNamed, row.roles.includes('responder'), `${row.path}\n${responder}`);
      }
    });
  });

  it('is told the same by the doctor, who has the same table', async () => {
    const names = ['home/authorities/aci-el-org.cer', 'tls/server.key.pem'];
    const asked = await without(names, () => runPfcng(at, 'doctor', '--json'));
    assert.equal(asked.status, 1, asked.stderr);
    const { checks } = JSON.parse(asked.stdout) as {
      readonly checks: readonly { readonly name: string; readonly detail: string; readonly whatToDo?: string }[];
    };
    const found = new Map(checks.map((check) => [check.name, check]));
    assert.match(found.get('authorities')?.detail ?? '', /aci-el-org\.cer: fichier absent \/ the file is missing/);
    assert.match(found.get('authorities')?.whatToDo ?? '', /step create-issuing-authority/);
    assert.match(found.get('api-certificate')?.detail ?? '', /server\.key\.pem: fichier absent/);
    const responder = await without(['tls/server.key.pem'], () => runPfcng(at, 'doctor', '--roles', 'responder'));
    assert.equal(responder.status, 0, responder.stdout);
  });

  it('says that there is no home folder, and not that all of its files are missing', async () => {
    const { status, stderr } = await runPfcng({ ...at, home: join(at.folder, 'nowhere') }, 'serve');
    assert.equal(status, 1);
    assert.match(stderr, /nowhere\/environment\.json: fichier absent/);
    assert.doesNotMatch(stderr, /authorities|pfcng\.sqlite/);
  });

  it('reports faults of the configuration with their places, and the CAs that it names wrongly', async () => {
    const before = readFileSync(at.configFile, 'utf8');
    configure(at, { listen: { api: { port: 99_999 } }, ports: 1 });
    const said = await refusedStart();
    writeFileSync(at.configFile, before);
    configure(at, { accountAuthorities: ['aci-el-org', 'acr-el', 'aci-none'] });
    const named = await faultsFor('all');
    writeFileSync(at.configFile, before);
    assert.match(said, /config\.json: la configuration n'est pas valide/);
    assert.match(said, /\/listen\/api\/port: must be <= 65535/);
    assert.match(said, /unknown member ports/);
    assert.deepEqual(
      named.map(({ fault }) => fault.en),
      ['acr-el is not an issuing authority', 'aci-none is not an issuing authority'],
    );
  });

  it('of a service with signers of their own needs no PIN and no token, and the folders of the sockets', async () => {
    const before = readFileSync(at.configFile, 'utf8');
    const tokens = FILES.filter(({ path }) => /pins|tokens/.test(path.source)).map(firstOf);
    const sockets = join('/tmp', `pfcng-${process.pid}`);
    const group = 'root';
    await without(tokens, async () => {
      configure(at, { signers: 'external' });
      assert.deepEqual(await faultsFor('all'), []);
      const groups = { api: group, worker: group, responder: group };
      configure(at, { signers: 'external', signerSockets: { folder: sockets, groups } });
      const all = placesOf(await faultsFor('all'));
      assert.equal(all.length, 10);
      assert.ok(all.includes(join(sockets, 'ca-fort/worker')) && all.includes(join(sockets, 'platform/api')));
      const responder = placesOf(await faultsFor('responder'));
      assert.deepEqual(
        [...responder].sort(),
        ['elementaire', 'fort', 'standard'].map((name) => join(sockets, `ocsp-${name}/responder`)),
      );
      for (const place of all) mkdirSync(place, { recursive: true });
      assert.deepEqual(await faultsFor('all'), []);
    }).finally(() => {
      rmSync(sockets, { recursive: true, force: true });
      writeFileSync(at.configFile, before);
    });
  });

  describe('or with a file that is wrong', () => {
    const PEM = 'CERTIFICATE-----';
    const tls = (name: string): string => join(folders.tls, name);
    const read = (name: string): string => readFileSync(pathOf(name), 'utf8');

    /** Changes a file for one check. Returns the English words about it. */
    async function wordsWith(
      name: string,
      content: string | Uint8Array | null,
      { mode, find = findFaults }: { readonly mode?: number; readonly find?: typeof findFaults } = {},
    ): Promise<string> {
      const { mode: usual } = statSync(pathOf(name));
      const before = readFileSync(pathOf(name));
      if (content !== null) {
        chmodSync(pathOf(name), 0o600);
        writeFileSync(pathOf(name), content);
      }
      chmodSync(pathOf(name), mode ?? usual);
      try {
        const faults = await find(loadInstallation(), 'all');
        return faults.map(({ place, fault, details = [] }) => [place, fault.en, ...details].join(': ')).join('\n');
      } finally {
        chmodSync(pathOf(name), 0o600);
        writeFileSync(pathOf(name), before);
        chmodSync(pathOf(name), usual);
      }
    }

    it('names a CA certificate that is none, or that another root has signed', async () => {
      assert.match(
        await wordsWith('home/authorities/aci-el-org.cer', 'none'),
        /aci-el-org\.cer: it is not a certificate of a CA/,
      );
      const foreign = readFileSync(join(at.home, 'authorities/aci-fo-org.cer'));
      assert.match(await wordsWith('home/authorities/aci-el-org.cer', foreign), /it was not signed by acr-el/);
    });

    it('names a responder of another CA', async () => {
      const foreign = readFileSync(join(at.home, 'authorities/aci-fo-org.ocsp.cer'));
      assert.match(
        await wordsWith('home/authorities/aci-el-org.ocsp.cer', foreign),
        /^\S+aci-el-org\.ocsp\.cer: it is not a certificate of a responder of this CA \(issued-by-its-authority\)$/,
      );
    });

    it('names a home folder of another environment, and a mark that is damaged', async () => {
      assert.match(
        await wordsWith('home/environment.json', '{"mark":"production"}'),
        /belongs to the environment production/,
      );
      assert.match(await wordsWith('home/environment.json', '{"mark'), /environment\.json: it cannot be read/);
    });

    it('names a PIN file that others can read, and a key of the API that others can read', async () => {
      assert.match(
        await wordsWith('home/pins/ca-fort.pin', null, { mode: 0o644 }),
        /ca-fort\.pin: can be read by others/,
      );
      assert.equal(
        await wordsWith('home/pins/ca-fort.pin', null, { mode: 0o644, find: startFaults }),
        '',
        'the other signers work',
      );
      assert.match(
        await wordsWith('tls/server.key.pem', null, { mode: 0o644 }),
        /server\.key\.pem: others can read the key: its mode is 0644/,
      );
      assert.match(
        await wordsWith('tls/ldap.password', null, { mode: 0o444 }),
        /ldap\.password: it can be read by others/,
      );
    });

    it('names a pipe and a file that is too large in the place of a file, and does not wait for them', async () => {
      const name = 'tls/server.key.pem';
      const expected = /server\.key\.pem: it is not a regular file of at most 1048576 bytes/;
      await without([name], async () => {
        execFileSync('mkfifo', [pathOf(name)]);
        assert.match((await faultsFor('all')).map(({ place, fault }) => `${place}: ${fault.en}`).join('\n'), expected);
      });
      assert.match(await wordsWith(name, Buffer.alloc(1_048_577)), expected);
    });

    it('names an emptied database, a damaged mark of it, and a malformed list of blocked keys', async () => {
      assert.match(
        await wordsWith('home/pfcng.sqlite', ''),
        /there is no database: .*the database is empty; .*ops\/database\.md/,
      );
      assert.match(await wordsWith('home/database.json', '{'), /database\.json: it cannot be read, or is damaged/);
      assert.match(await wordsWith('home/node.json', '{}'), /node\.json: it cannot be read, .*has no node id/);
      assert.match(
        await wordsWith('tls/blocked.txt', 'key\n'),
        /blocked\.txt: .*blocked\.txt:1: must be 64 lower-case hex digits/,
      );
    });

    it('names what is wrong with the certificate and the key of the API', async () => {
      const [leaf = '', ca = ''] = read('tls/server.crt.pem').split(/(?<=END CERTIFICATE-----\n)/);
      assert.ok(leaf.includes(PEM) && ca.includes(PEM));
      assert.equal(await wordsWith('tls/server.crt.pem', leaf), '', 'the chain may be left out');
      assert.match(
        await wordsWith('tls/server.crt.pem', `${leaf}text`),
        /server\.crt\.pem: not a PEM certificate chain/,
      );
      assert.match(await wordsWith('tls/server.key.pem', 'text'), /server\.key\.pem: it is not a private key in PEM/);
      const other = readFileSync(join(at.home, 'credentials/no-rights.key.pem'));
      assert.match(
        await wordsWith('tls/server.key.pem', other),
        /server\.key\.pem: it is not the key of the certificate/,
      );
      const client = readFileSync(join(at.home, 'credentials/card-management.crt.pem'));
      assert.match(await wordsWith('tls/server.crt.pem', client), /server\.crt\.pem: not for server authentication/);
      const own = { key: tls('own.key'), certificate: tls('own.pem'), subject: '/CN=localhost' };
      await makeSelfSigned(
        own,
        '-addext',
        'extendedKeyUsage=serverAuth',
        '-not_before',
        '20200101000000Z',
        '-not_after',
        '20210101000000Z',
      );
      const expired = readFileSync(own.certificate);
      assert.ok(new X509Certificate(expired).validTo.includes('2021'));
      const words = await wordsWith('tls/server.crt.pem', expired);
      const stopping = await wordsWith('tls/server.crt.pem', expired, { find: startFaults });
      assert.doesNotMatch(stopping, /expired/, 'OCSP and CRLs do not end with the certificate of the API');
      for (const name of [own.key, own.certificate]) rmSync(name);
      assert.match(words, /expired, or not valid yet \(2020-01-01T00:00:00Z - 2021-01-01T00:00:00Z\)/);
      assert.match(words, /issued by no CA of this home/);
      assert.match(words, /it is not the key of the certificate/);
    });
  });

  describe('or without one that it does not need', () => {
    it('succeeds without the files that can be made again, and makes them', async () => {
      const names = FILES.filter((row) => !isNeeded(row)).flatMap(({ path }) =>
        allFiles().filter((name) => path.test(name)),
      );
      assert.ok(names.length > 8, names.join());
      for (const name of names.filter((one) => one !== 'home/credentials')) rmSync(pathOf(name), { recursive: true });
      await service.start();
      const made = names.filter((name) => /database\.json|\/crl\//.test(name));
      assert.ok(made.length > 5, made.join());
      for (const end = performance.now() + MADE_MS_MAX; made.some((name) => !existsSync(pathOf(name))); await sleep(50))
        assert.ok(
          performance.now() < end,
          `not made again: ${made.filter((name) => !existsSync(pathOf(name))).join()}`,
        );
      await service.stop();
    });

    it('makes the server certificate of a development home again, with its key', async () => {
      const { tls: _, ...config } = JSON.parse(readFileSync(at.configFile, 'utf8'));
      writeFileSync(at.configFile, JSON.stringify(config));
      const own = (name: string): string => join(at.home, 'credentials', name);
      const before = readFileSync(own('server.crt.pem'), 'utf8');
      rmSync(own('server.key.pem'));
      await service.start();
      assert.ok(existsSync(own('server.key.pem')));
      assert.notEqual(readFileSync(own('server.crt.pem'), 'utf8'), before);
    });
  });
});
