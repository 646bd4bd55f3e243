/** A home folder and a configuration for one service under test: ports of its own, a copy of its own. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KeyType } from '../../src/x509/model.js';
import { developmentHome } from './hierarchy.js';

/** Where the package is, from `dist/test/support`. */
export const PACKAGE_ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export type ServicePorts = { readonly api: number; readonly publication: number; readonly operators: number };

export type ServiceHome = {
  readonly home: string;
  readonly configFile: string;
  readonly ports: ServicePorts;
  /** The folder with all of it; removed by `removeServiceHome`. */
  readonly folder: string;
};

/**
 * `keyType`: of every CA; `rsa-4096` is what the policies of the package say and takes a while to make, once a run.
 * The policies are copied and told the same key type: they say of which type the next generation would be. `environment`:
 * what the development environment's file shall say otherwise.
 */
export async function makeServiceHome(keyType: KeyType, environment: object = {}): Promise<ServiceHome> {
  const made = await developmentHome({ keyType });
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-service-'));
  const policies = join(folder, 'policies');
  cpSync(join(PACKAGE_ROOT, 'policies'), policies, { recursive: true });
  for (const file of authorityFiles(policies)) setKeyType(file, keyType);
  const environmentFile = join(policies, 'environments', 'development.json');
  const stated = JSON.parse(readFileSync(environmentFile, 'utf8')) as object;
  writeFileSync(environmentFile, JSON.stringify({ ...stated, ...environment }));
  const [api = 0, publication = 0, operators = 0] = await freePorts(3);
  const ports = { api, publication, operators };
  const configFile = join(folder, 'config.json');
  const config = {
    policies,
    publicAddress: `http://127.0.0.1:${publication}`,
    listen: { api: { port: api }, publication: { port: publication }, operators: { port: operators } },
  };
  writeFileSync(configFile, JSON.stringify(config));
  return { home: made, configFile, ports, folder };
}

export function removeServiceHome({ home, folder }: ServiceHome): void {
  for (const path of [home, folder]) rmSync(path, { recursive: true, force: true });
}

/** A second home with the same content, for tests that tamper; nothing may run on the first meanwhile. */
export function copyServiceHome(from: ServiceHome): ServiceHome {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-service-copy-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  cpSync(from.home, home, { recursive: true, filter: (path) => !path.endsWith('.sock') && !/hold\.\d+$/.test(path) });
  return { ...from, home, folder };
}

function authorityFiles(policies: string): readonly string[] {
  return ['fort', 'standard', 'elementaire'].flatMap((hierarchy) => {
    const folder = join(policies, hierarchy, 'authorities');
    return readdirSync(folder).map((name) => join(folder, name));
  });
}

function setKeyType(file: string, keyType: KeyType): void {
  const authority = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...authority, keyType }));
}

/** Bound together so that they differ, then let go: whoever asks next gets others for a good while. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            if (address === null || typeof address === 'string') reject(new Error('a TCP server has a port'));
            else resolve(address.port);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
