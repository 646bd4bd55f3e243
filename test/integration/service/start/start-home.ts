/**
 * A service that does not run, with everything that its start needs: its home folder, and a folder
 * with the files that its configuration names.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadInstallation } from '../../../../src/compose/home.js';
import type { StartFault } from '../../../../src/compose/requirements/requirement.js';
import { startFaults } from '../../../../src/compose/requirements/table.js';
import { RESPONDER_ALONE, WHOLE_SERVICE_ROLES } from '../../../../src/compose/roles.js';
import { configure, makeServiceHome, removeServiceHome, type ServiceHome } from '../../../support/service/home.js';
import { createPreparedService, type Service } from '../../../support/service/service.js';
import { FILES, type StartedRoles } from './files.js';

/** Files are named `home/...` or `tls/...`. */
export type StartHome = {
  readonly at: () => ServiceHome;
  readonly service: () => Service;
  readonly pathOf: (name: string) => string;
  /** The names of all files; a folder that a row of `FILES` names counts as one file. */
  readonly allFiles: () => readonly string[];
  readonly faultsFor: (roles: StartedRoles) => Promise<readonly StartFault[]>;
  readonly locationsOf: (faults: readonly StartFault[]) => readonly string[];
  /** Does the work while these files are missing. */
  readonly without: <Value>(names: readonly string[], work: () => Promise<Value>) => Promise<Value>;
};

/** Makes the home folder before the tests of a `describe`, and names it in the environment. */
export function useStartHome(): StartHome {
  let at: ServiceHome | null = null;
  let service: Service | null = null;
  const home = (): ServiceHome => at ?? assert.fail('no home folder');
  const running = (): Service => service ?? assert.fail('no service');
  const environment = { PFCNG_HOME: process.env.PFCNG_HOME, PFCNG_CONFIG: process.env.PFCNG_CONFIG };

  before(async () => {
    at = await makeServiceHome('p-256');
    service = await createPreparedService(at);
    mkdirSync(join(at.folder, 'tls'));
    const tls = (name: string): string => pathOf(`tls/${name}`);
    for (const name of ['server.crt.pem', 'server.key.pem']) cpSync(join(at.home, 'credentials', name), tls(name));
    for (const name of ['ldap-ca.pem', 'webhook-ca.pem']) cpSync(join(at.home, 'credentials/tls-ca.pem'), tls(name));
    writeFileSync(tls('ldap.password'), 'secret\n', { mode: 0o400 });
    writeFileSync(tls('blocked.txt'), '# none\n');
    const ldap = { kind: 'ldap', name: 'ldap', url: 'ldaps://directory.invalid', bindDn: 'cn=x' };
    const endpoint = { name: 'cards', url: 'https://cards.invalid/events', topics: ['order.*'] };
    configure(at, {
      webhooks: [{ ...endpoint, ca: tls('webhook-ca.pem') }],
      tls: { certificate: tls('server.crt.pem'), key: tls('server.key.pem') },
      blockedKeys: [tls('blocked.txt')],
      publication: { outlets: [{ ...ldap, passwordFile: tls('ldap.password'), tls: { ca: tls('ldap-ca.pem') } }] },
    });
    process.env.PFCNG_HOME = at.home;
    process.env.PFCNG_CONFIG = at.configFile;
  });
  after(async () => {
    await service?.stop();
    for (const [name, value] of Object.entries(environment)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    if (at !== null) removeServiceHome(at);
  });

  const pathOf = (name: string): string =>
    name.startsWith('home') ? join(home().home, name.slice(4)) : join(home().folder, name);
  const filesBelow = (name: string): readonly string[] =>
    readdirSync(pathOf(name)).flatMap((entry) => {
      const path = `${name}/${entry}`;
      const isOne = FILES.some((row) => row.path.test(path)) || !statSync(pathOf(path)).isDirectory();
      return isOne ? [path] : filesBelow(path);
    });
  return {
    at: home,
    service: running,
    pathOf,
    allFiles: () => [...filesBelow('home'), ...filesBelow('tls')],
    faultsFor: (roles) => startFaults(loadInstallation(), roles === 'all' ? WHOLE_SERVICE_ROLES : RESPONDER_ALONE),
    locationsOf: (faults) => faults.map(({ location }) => location),
    async without(names, work) {
      for (const name of names) renameSync(pathOf(name), `${pathOf(name)}.aside`);
      try {
        return await work();
      } finally {
        for (const name of names) {
          rmSync(pathOf(name), { recursive: true, force: true });
          renameSync(`${pathOf(name)}.aside`, pathOf(name));
        }
      }
    },
  };
}
