/**
 * Faults planted into an installation whose service runs: `pfcng doctor` finds each, names it, and
 * says what repairs it. Without this test, a fault could wait for the next start.
 */
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LastBackup } from '../../../../src/compose/backup/state.js';
import { HOUR_MS } from '../../../../src/kernel/duration.js';
import { runInProcess } from '../../../support/machine/in-process.js';
import { configure, type ServiceHome } from '../../../support/service/home.js';
import { until } from '../../../support/until.js';
import { type StartHome, useStartHome } from '../start/start-home.js';

type Result = { readonly name: string; readonly state: string; readonly detail: string; readonly whatToDo?: string };

const aFile = ({ allFiles, pathOf }: StartHome, form: RegExp): string =>
  pathOf(allFiles().find((name) => form.test(name)) ?? assert.fail(String(form)));

/** Each changes something, and returns what undoes it. */
type Plant = (home: StartHome) => () => void;

const moved =
  (form: RegExp): Plant =>
  (home) => {
    const path = aFile(home, form);
    renameSync(path, `${path}.aside`);
    return () => {
      rmSync(path, { force: true, recursive: true });
      renameSync(`${path}.aside`, path);
    };
  };
const replaced =
  (form: RegExp, content: (usual: string, home: string) => string | Buffer): Plant =>
  (home) => {
    const path = aFile(home, form);
    const [before, { mode }] = [readFileSync(path), statSync(path)];
    chmodSync(path, 0o600);
    writeFileSync(path, content(before.toString('utf8'), home.at().home));
    chmodSync(path, mode);
    return () => {
      chmodSync(path, 0o600);
      writeFileSync(path, before);
      chmodSync(path, mode);
    };
  };
const opened =
  (form: RegExp): Plant =>
  (home) => {
    const path = aFile(home, form);
    const { mode } = statSync(path);
    chmodSync(path, 0o644);
    return () => chmodSync(path, mode);
  };
const configured =
  (members: (at: ServiceHome) => object): Plant =>
  (home) => {
    const { configFile } = home.at();
    const before = readFileSync(configFile);
    configure(home.at(), members(home.at()));
    return () => writeFileSync(configFile, before);
  };
const withRecipients = configured(({ folder }) => ({
  backup: { recipients: ['1', '2'].map((officer) => join(folder, `${officer}.pem`)) },
}));
const withOldBackup: Plant = (home) => {
  const undo = withRecipients(home);
  const file = join(home.at().home, 'backup.json');
  const takenAt = Date.now() - 27 * HOUR_MS;
  writeFileSync(file, JSON.stringify({ takenAt, bytes: 1, file: '/mnt/old.cms' } satisfies Partial<LastBackup>));
  return () => {
    rmSync(file);
    undo();
  };
};
const foreign =
  (name: string) =>
  (_: string, home: string): Buffer =>
    readFileSync(join(home, name));

const FAULTS: readonly (readonly [fault: string, check: string, plant: Plant, detail: RegExp, whatToDo: RegExp])[] = [
  [
    'an unknown member of the configuration',
    'configuration',
    configured(() => ({ ports: 1 })),
    /unknown member ports/,
    /correct it \(ops\/configuration\.md\)/,
  ],
  [
    'a port that none is',
    'configuration',
    configured(() => ({ listen: { api: { port: 99_999 } } })),
    /port: must be <= 65535/,
    /correct it \(ops\/configuration\.md\)/,
  ],
  [
    'a policy folder that is not there',
    'policy',
    configured(({ folder }) => ({ policies: join(folder, 'none') })),
    /the file is missing/,
    /pfcng policy check/,
  ],
  [
    'a root in place of an issuing CA',
    'named-authorities',
    configured(() => ({ accountAuthorities: ['aci-el-org', 'acr-el'] })),
    /acr-el is not an issuing authority/,
    /correct it \(ops\/configuration\.md\)/,
  ],
  [
    'the home folder of another environment',
    'home-folder',
    replaced(/environment\.json$/, () => '{"mark":"production"}'),
    /environment production/,
    /name the right folder in PFCNG_HOME/,
  ],
  [
    'a damaged id of the node',
    'node',
    replaced(/node\.json$/, () => '{}'),
    /has no node id/,
    /restore it from a backup, or remove it/,
  ],
  [
    'a missing key of audit tags',
    'tag-keys',
    moved(/secrets\/audit-tags$/),
    /secrets\/audit-tags: .*there is no key/,
    /pfcng audit tag-key make/,
  ],
  [
    'a missing key of registrations',
    'registration-keys',
    moved(/secrets\/registration$/),
    /secrets\/registration: .*there is no key/,
    /pfcng registration-key make/,
  ],
  [
    'a missing CA certificate',
    'authorities',
    moved(/aci-el-org\.cer$/),
    /aci-el-org\.cer: .*missing/,
    /create-issuing-authority/,
  ],
  [
    'a CA certificate of another root',
    'authorities',
    replaced(/aci-el-org\.cer$/, foreign('authorities/aci-fo-org.cer')),
    /not signed by acr-el/,
    /create-issuing-authority/,
  ],
  [
    'a missing certificate of a responder',
    'responders',
    moved(/aci-el-org\.ocsp\.cer$/),
    /missing/,
    /create-ocsp-signer/,
  ],
  [
    'a responder of another CA',
    'responders',
    replaced(/aci-el-org\.ocsp\.cer$/, foreign('authorities/aci-fo-org.ocsp.cer')),
    /not a certificate of a responder of this CA/,
    /create-ocsp-signer/,
  ],
  [
    'a damaged certificate of a CMP signer',
    'cmp-signers',
    replaced(/\.cmp\.cer$/, () => 'none'),
    /\.cmp\.cer: .*not a certificate of a CMP signer of this CA/,
    /create-cmp-signer/,
  ],
  ['a missing CRL of a root', 'root-crls', moved(/crl\/ACR-EL\.crl$/i), /missing/, /sign-crl/],
  [
    'a PIN that others can read',
    'tokens',
    opened(/pins\/ca-fort\.pin$/),
    /can be read by others/,
    /write it, mode 0400, or change pkcs11\.pins/,
  ],
  ['a missing PIN', 'tokens', moved(/pins\/ca-fort\.pin$/), /missing/, /write it, mode 0400, or change pkcs11\.pins/],
  [
    'a key of the API that others can read',
    'api-certificate',
    opened(/tls\/server\.key\.pem$/),
    /mode is 0644/,
    /chmod 0400/,
  ],
  [
    'a key of the API for another certificate',
    'api-certificate',
    replaced(/tls\/server\.key\.pem$/, foreign('credentials/no-rights.key.pem')),
    /not the key of the certificate/,
    /openssl genpkey/,
  ],
  [
    'a certificate of a client as that of the API',
    'api-certificate',
    replaced(/tls\/server\.crt\.pem$/, foreign('credentials/card-management.crt.pem')),
    /not for server authentication/,
    /create-founding-certificate/,
  ],
  [
    'a list of blocked keys that is none',
    'blocked-keys',
    replaced(/tls\/blocked\.txt$/, () => 'key\n'),
    /blocked\.txt:1/,
    /restore or correct the list, or change blockedKeys/,
  ],
  [
    'a missing password of a directory',
    'outlets',
    moved(/tls\/ldap\.password$/),
    /missing/,
    /write the password of the server into this file, mode 0400/,
  ],
  [
    'a missing CA of an endpoint of webhooks',
    'webhooks',
    moved(/tls\/webhook-ca\.pem$/),
    /missing/,
    /get this PEM file from the administrators of the endpoint/,
  ],
  ['a database that was removed', 'database', moved(/pfcng\.sqlite$/), /there is no such file/, /ops\/database\.md/],
  [
    'a database that is older than the home folder knows',
    'home-knows',
    replaced(/database\.json$/, laterMark),
    /the home folder knows entry \d+ of the audit log, and the database ends with \d+/,
    /pfcng database accept/,
  ],
  [
    'accounts whose CA the configuration does not accept',
    'accounts',
    configured(() => ({ accountAuthorities: ['aci-fo-org'] })),
    /card-management: /,
    /pfcng account/,
  ],
  [
    'recipients of backups, and no backup',
    'backup',
    withRecipients,
    /no backup was made yet/,
    /by hand \(pfcng backup\)/,
  ],
  ['a backup of the day before', 'backup', withOldBackup, /old\.cms, 27 hours old/, /pfcng-backup\.timer/],
];

/** The mark of the database says which entry of the audit log the home folder has seen. */
function laterMark(mark: string): string {
  const known = JSON.parse(mark) as { readonly seq: number };
  return JSON.stringify({ ...known, seq: known.seq + 1_000_000 });
}

describe('the doctor beside a running service', () => {
  const place = useStartHome();
  const { at, service } = place;
  let usual: ReadonlyMap<string, Result>;

  async function examine(...options: readonly string[]): Promise<ReadonlyMap<string, Result>> {
    const { home, configFile, folder } = at();
    const { stdout, stderr } = await runInProcess({ home, configFile, folder }, ['doctor', '--json', ...options]);
    assert.equal(stderr, '');
    const { checks } = JSON.parse(stdout) as { readonly checks: readonly Result[] };
    return new Map(checks.map((check) => [check.name, check]));
  }
  before(async () => {
    await service().start();
    usual = await examine();
  });

  /** The directory of this home has an address that does not exist: it is never up to date. */
  const OF_OUTLETS: readonly string[] = ['service', 'running-outlets'];

  it('finds a directory that cannot be reached, warns that there are no backups, and finds nothing else', async () => {
    assert.ok([...usual.keys()].filter((name) => name.startsWith('running-')).length > 10);
    const others = [...usual.values()].filter(({ state, name }) => state !== 'ok' && !OF_OUTLETS.includes(name));
    assert.deepEqual(
      others.map(({ name, state, detail }) => [name, state, detail]),
      [['backup', 'warning', 'none are made here: backup.recipients is not configured']],
    );
    assert.match(others[0]?.whatToDo ?? '', /name the certificates of two officers .*ops\/backup\.md/);
    await until('the directory was visited', async () => (await examine()).get('running-outlets')?.state === 'fault');
    const found = (await examine()).get('running-outlets');
    assert.match(found?.detail ?? '', /^ldap: down: /);
    assert.match(found?.whatToDo ?? '', /repair the directory/);
  });

  for (const [fault, check, plant, detail, whatToDo] of FAULTS)
    it(`finds ${fault}, and says what to do`, async () => {
      const undo = plant(place);
      try {
        const found = (await examine()).get(check) ?? assert.fail(check);
        assert.equal(found.state, 'fault', JSON.stringify(found));
        assert.match(found.detail, detail);
        assert.match(found.whatToDo ?? '', whatToDo);
      } finally {
        undo();
      }
    });

  it('finds nothing any more when all is repaired', async () => {
    await until(
      'the service has its database again',
      async () => (await examine()).get('running-database')?.state === 'ok',
    );
    const now = await examine();
    for (const [name, { state }] of usual)
      if (!OF_OUTLETS.includes(name)) assert.equal(now.get(name)?.state, state, name);
  });
});
