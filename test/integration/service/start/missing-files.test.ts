/**
 * A start on a home folder from which a file is missing. Without these checks, a person learns from
 * one start after the other what is missing, and from half of them only after signers, database and
 * listeners were started.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { configure } from '../../../support/service/home.js';
import { runPfcng } from '../../../support/service/service.js';
import { EVERY_ROLE, FILES, type FileRow, isNeeded } from './files.js';
import { useStartHome } from './start-home.js';

const MADE_MS_MAX = 60_000;

type DoctorReport = {
  readonly checks: readonly { readonly name: string; readonly detail: string; readonly whatToDo?: string }[];
};

describe('a start without a file that it needs', () => {
  const { at, service, pathOf, allFiles, faultsFor, locationsOf, without } = useStartHome();

  /** Runs `pfcng serve`, and demands that it has started nothing: not even a lock was made. */
  async function refusedStart(...options: readonly string[]): Promise<string> {
    rmSync(join(at().home, 'run'), { recursive: true, force: true });
    const { status, stdout, stderr } = await runPfcng(at(), 'serve', ...options);
    assert.deepEqual([status, stdout], [1, ''], stderr);
    assert.equal(existsSync(join(at().home, 'run')), false, 'neither a lock nor a signer');
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
          assert.deepEqual(locationsOf(faults), [pathOf(name)]);
          const [{ purpose, remedy } = assert.fail(name)] = faults;
          assert.match(purpose.en, row.purpose);
          assert.match(remedy.en, row.remedy);
          const isForResponders = row.roles.includes('responder');
          assert.deepEqual(locationsOf(await faultsFor('responder')), isForResponders ? [pathOf(name)] : []);
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

  it('is reported in the same way by the doctor, which has the same table', async () => {
    const names = ['home/authorities/aci-el-org.cer', 'tls/server.key.pem'];
    const asked = await without(names, () => runPfcng(at(), 'doctor', '--json'));
    assert.equal(asked.status, 1, asked.stderr);
    const { checks } = JSON.parse(asked.stdout) as DoctorReport;
    const found = new Map(checks.map((check) => [check.name, check]));
    assert.match(found.get('authorities')?.detail ?? '', /aci-el-org\.cer: fichier absent \/ the file is missing/);
    assert.match(found.get('authorities')?.whatToDo ?? '', /step create-issuing-authority/);
    assert.match(found.get('api-certificate')?.detail ?? '', /server\.key\.pem: fichier absent/);
    const responder = await without(['tls/server.key.pem'], () => runPfcng(at(), 'doctor', '--roles', 'responder'));
    assert.equal(responder.status, 0, responder.stdout);
  });

  it('says that there is no home folder, and not that all of its files are missing', async () => {
    const { status, stderr } = await runPfcng({ ...at(), home: join(at().folder, 'nowhere') }, 'serve');
    assert.equal(status, 1);
    assert.match(stderr, /nowhere\/environment\.json: fichier absent/);
    assert.doesNotMatch(stderr, /authorities|pfcng\.sqlite/);
  });

  it('reports faults of the configuration with their places, and the CAs that it names wrongly', async () => {
    const before = readFileSync(at().configFile, 'utf8');
    configure(at(), { listen: { api: { port: 99_999 } }, ports: 1 });
    const said = await refusedStart();
    writeFileSync(at().configFile, before);
    configure(at(), { accountAuthorities: ['aci-el-org', 'acr-el', 'aci-none'] });
    const named = await faultsFor('all');
    writeFileSync(at().configFile, before);
    assert.match(said, /config\.json: la configuration n'est pas valide/);
    assert.match(said, /\/listen\/api\/port: must be <= 65535/);
    assert.match(said, /unknown member ports/);
    assert.deepEqual(
      named.map(({ fault }) => fault.en),
      ['acr-el is not an issuing authority', 'aci-none is not an issuing authority'],
    );
  });

  it('of a service with signers of their own needs no PIN and no token, and the folders of the sockets', async () => {
    const before = readFileSync(at().configFile, 'utf8');
    const tokens = FILES.filter(({ path }) => /pins|tokens/.test(path.source)).map(firstOf);
    const sockets = join('/tmp', `pfcng-${process.pid}`);
    const group = 'root';
    await without(tokens, async () => {
      configure(at(), { signers: 'external' });
      assert.deepEqual(await faultsFor('all'), []);
      const groups = { api: group, worker: group, responder: group };
      configure(at(), { signers: 'external', signerSockets: { folder: sockets, groups } });
      const all = locationsOf(await faultsFor('all'));
      assert.equal(all.length, 11);
      assert.ok(
        ['ca-fort/worker', 'platform/api', 'platform/worker'].every((path) => all.includes(join(sockets, path))),
      );
      const responder = locationsOf(await faultsFor('responder'));
      assert.deepEqual(
        [...responder].sort(),
        ['elementaire', 'fort', 'standard'].map((name) => join(sockets, `ocsp-${name}/responder`)),
      );
      for (const location of all) mkdirSync(location, { recursive: true });
      assert.deepEqual(await faultsFor('all'), []);
    }).finally(() => {
      rmSync(sockets, { recursive: true, force: true });
      writeFileSync(at().configFile, before);
    });
  });

  describe('or without one that it does not need', () => {
    it('succeeds without the files that can be made again, and makes them', async () => {
      const names = FILES.filter((row) => !isNeeded(row)).flatMap(({ path }) =>
        allFiles().filter((name) => path.test(name)),
      );
      assert.ok(names.length > 8, names.join());
      for (const name of names.filter((one) => one !== 'home/credentials')) rmSync(pathOf(name), { recursive: true });
      await service().start();
      const made = names.filter((name) => /database\.json|\/crl\//.test(name));
      assert.ok(made.length > 5, made.join());
      for (const end = performance.now() + MADE_MS_MAX; made.some((name) => !existsSync(pathOf(name))); await sleep(50))
        assert.ok(
          performance.now() < end,
          `not made again: ${made.filter((name) => !existsSync(pathOf(name))).join()}`,
        );
      await service().stop();
    });

    it('makes the server certificate of a development home again, and warns of a missing key of receipts', async () => {
      const { tls: _, webhooks: __, ...config } = JSON.parse(readFileSync(at().configFile, 'utf8'));
      writeFileSync(at().configFile, JSON.stringify(config));
      const own = (name: string): string => join(at().home, 'credentials', name);
      const before = readFileSync(own('server.crt.pem'), 'utf8');
      rmSync(own('server.key.pem'));
      rmSync(pathOf('home/authorities/platform.spki'));
      await service().start();
      assert.match(service().said(), /"event":"receipt\.no-key"/);
      const checked = JSON.parse((await runPfcng(at(), 'doctor', '--json')).stdout) as DoctorReport;
      assert.match(checked.checks.find(({ name }) => name === 'webhooks')?.detail ?? '', /platform\.spki: /);
      assert.ok(existsSync(own('server.key.pem')));
      assert.notEqual(readFileSync(own('server.crt.pem'), 'utf8'), before);
    });
  });
});
