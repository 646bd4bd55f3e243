/**
 * The package of `npm pack`. Without these tests a release could lack a file that only a checkout
 * has, need a network where it is installed, or be impossible to leave for the version before.
 *
 * At night it is built a second time, from the sources and in another folder, and compiles its
 * native modules where it is installed; by day those of the checkout are taken.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATABASE_KINDS } from '../../support/db/fixture.js';
import { sharedCluster } from '../../support/db/postgresql-cluster.js';
import { rawDatabase } from '../../support/db/raw.js';
import { described, installPackage, otherPrograms, packCheckout, run } from '../../support/install/package.js';
import { LATER, laterVersion } from '../../support/later-version.js';
import { clientOf, type IssuedCertificate } from '../../support/service/client.js';
import { makeServiceHome, PACKAGE_ROOT, removeServiceHome, type ServiceHome } from '../../support/service/home.js';
import { bodyOf } from '../../support/service/orders.js';
import { createService, runPfcng, type Service } from '../../support/service/service.js';

const BUILDS = Number(process.env.PFCNG_PACKAGE_BUILDS ?? 0);

/** What is in the package beside its libraries. An entry that ends in `/` is a folder. */
const PARTS = [
  'dist/bin/',
  'dist/src/client/',
  'dist/sbom.cdx.json',
  'hsm/capabilities/',
  ...['binding.gyp', 'loader.c', 'signing.c'].map((name) => `hsm/loader/${name}`),
  'ops/',
  'policies/',
  'scripts/ceremony/',
  'scripts/lib/root.mjs',
  'src/config/softhsm-paths.json',
  'src/console/assets/',
  ...['certificate', 'crl', 'ocsp'].map((kind) => `src/lint/${kind}/rules/`),
  ...['CHANGELOG', 'CONTRIBUTING', 'README', 'SECURITY'].map((name) => `${name}.md`),
  'LICENSE',
  'package.json',
];
const isPart = (path: string): boolean =>
  PARTS.some((part) => (part.endsWith('/') ? path.startsWith(part) : path === part));
const NEEDED = ['dist/bin/main.js', 'dist/bin/signer-child.js', 'dist/src/client/client.d.ts', 'ops/install.md'];
const NOT_PACKED = /\.(?:node|map|tsbuildinfo|log)$/;

type LockedPackage = { readonly version: string; readonly dev?: boolean; readonly integrity: string };
type Bom = {
  readonly serialNumber: string;
  readonly metadata: { readonly timestamp?: string; readonly component: { readonly name: string } };
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly hashes: readonly { readonly alg: string; readonly content: string }[];
  }[];
};

describe('the package of npm pack', function () {
  this.timeout(1_800_000);
  let folder: string;
  let file: string;
  let installed: string;
  let later: string;
  let paths: readonly string[];

  before(async function packAndInstall() {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-package-'));
    file = await packCheckout(PACKAGE_ROOT, folder);
    paths = (await run('tar', '-tzf', file))
      .trim()
      .split('\n')
      .map((path) => path.replace(/^package\//, ''));
    installed = await installPackage(file, join(folder, 'first'), { compile: BUILDS > 0 });
    await laterVersion(join(folder, 'tree'));
    later = otherPrograms(installed, join(folder, 'tree'), join(folder, 'second'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('has the programs, pages and policies, and no source, test, map, compiled module or file of an installation', () => {
    const own = paths.filter((path) => !path.startsWith('node_modules/'));
    assert.deepEqual(
      own.filter((path) => !isPart(path)),
      [],
    );
    assert.deepEqual(
      own.filter((path) => NOT_PACKED.test(path)),
      [],
    );
    assert.deepEqual(
      paths.filter((path) => /\.node$|\/build\/Release\//.test(path)),
      [],
    );
    assert.deepEqual(
      NEEDED.filter((path) => !own.includes(path)),
      [],
    );
  });

  it('has each production dependency of package-lock.json, in the package and in its bill of materials, and no other', () => {
    const lock = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package-lock.json'), 'utf8')) as {
      readonly packages: Readonly<Record<string, LockedPackage>>;
    };
    const production = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && dev !== true);
    assert.ok(production.length > 100);
    const absent = production.filter(([path]) => !paths.includes(`${path}/package.json`));
    assert.deepEqual(
      absent.map(([path]) => path),
      [],
    );
    const bom = JSON.parse(readFileSync(join(installed, 'dist/sbom.cdx.json'), 'utf8')) as Bom;
    const wanted = production.map(([path, { version, integrity }]) => {
      const name = path.replace(/^.*node_modules\//, '');
      return `${name}@${version} ${Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex')}`;
    });
    const named = bom.components.map(({ name, version, hashes }) => `${name}@${version} ${hashes[0]?.content}`);
    assert.deepEqual([...new Set(named)].sort(), [...new Set(wanted)].sort());
    assert.equal(bom.metadata.component.name, 'pfcng');
    assert.equal(bom.metadata.timestamp, undefined);
    assert.match(bom.serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  for (const _ of Array.from({ length: BUILDS }))
    it('has the same octets when it is built from the sources in another folder and with another umask', async () => {
      const other = join(folder, 'elsewhere/deeper');
      cpSync(PACKAGE_ROOT, other, { recursive: true, verbatimSymlinks: true, filter: isSource });
      await run('chmod', '-R', 'go-rwx', other);
      const again = await packCheckout(other, join(folder, 'again'));
      assert.ok(readFileSync(again).equals(readFileSync(file)));
    });

  it('puts pfcng on the PATH', async () => {
    const program = join(folder, 'first/bin/pfcng');
    assert.match(readlinkSync(program), /dist\/bin\/main\.js$/);
    assert.equal((await run(program, '--version')).trim(), described(PACKAGE_ROOT).version);
  });

  for (const kind of DATABASE_KINDS)
    describe(`installed elsewhere, on ${kind}`, () => {
      const current = () => join(folder, `current-${kind}`);
      let at: ServiceHome;
      let service: Service;
      const issued: string[] = [];

      before(async function serve() {
        if (kind === 'postgresql') await sharedCluster();
        await run('ln', '-sfnT', installed, current());
        at = { ...(await makeServiceHome('p-256', { database: kind })), program: join(current(), 'dist/bin/main.js') };
        service = createService(at);
        await service.start();
      });
      after(async () => {
        await service.killEverything();
        removeServiceHome(at);
      });

      async function issue(): Promise<void> {
        const client = clientOf(service, 'card-management');
        try {
          const body = bodyOf('elementaire/org-auth-cli');
          issued.push((await client.expect<IssuedCertificate>('POST', '/v1/certificates', { body })).id);
          for (const id of issued) {
            const { status } = await client.expect<IssuedCertificate>('GET', `/v1/certificates/${id}`);
            assert.equal(status, 'issued');
          }
        } finally {
          await client.close();
        }
      }
      async function assertHealthy(version: string): Promise<void> {
        assert.equal((await runPfcng(at, '--version')).stdout.trim(), version);
        const { status, stdout } = await runPfcng(at, 'doctor');
        assert.equal(status, 0, stdout);
        assert.match(stdout, /^ok +service +ready/m);
      }
      async function levels(): Promise<unknown> {
        const raw = await rawDatabase(at.database);
        const rows = await raw.all('select schema_level as level from runs where ended_at is null');
        await raw.close();
        return rows.map(({ level }) => Number(level));
      }
      async function useVersion(folderOfVersion: string): Promise<void> {
        await run('ln', '-sfnT', folderOfVersion, current());
        await service.stop();
        await service.start();
      }

      it('serves, and its doctor finds no fault', async () => {
        await issue();
        await assertHealthy(described(PACKAGE_ROOT).version);
      });

      it('goes on while a later version migrates the database, gives way to it, and takes over again', async () => {
        const next = { ...at, program: join(later, 'dist/bin/main.js') };
        const migrated = await runPfcng(next, 'database', 'migrate');
        assert.equal(migrated.status, 0, migrated.stderr);
        await issue();
        assert.deepEqual(await levels(), [1]);
        await useVersion(later);
        await issue();
        await assertHealthy(LATER);
        assert.deepEqual(await levels(), [2]);
        await useVersion(installed);
        await issue();
        await assertHealthy(described(PACKAGE_ROOT).version);
        assert.deepEqual(await levels(), [1]);
      });
    });
});

const BUILT = ['dist', 'var', 'coverage', '.git', 'hsm/loader/build'].map((path) => join(PACKAGE_ROOT, path));

/** What a checkout has before its first build, with its libraries. */
function isSource(path: string): boolean {
  return !BUILT.includes(path);
}
