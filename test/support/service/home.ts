/**
 * A home folder and a configuration for one service under test: ports of its own, a copy of its
 * own.
 */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homePaths } from '../../../src/config/paths.js';
import type { DatabaseOptions } from '../../../src/db/open.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { programPath } from '../../../src/package/program-path.js';
import type { KeyType } from '../../../src/x509/model.js';
import { developmentHome, pointTokensTo } from '../ceremony/hierarchy.js';
import type { DatabaseKind } from '../db/fixture.js';
import { type PostgresqlDatabase, sharedCluster } from '../db/postgresql-cluster.js';
import type { Host } from '../machine/host.js';
import { freePorts } from '../machine/ports.js';

/** Where the package is, from `dist/test/support`. */
export const PACKAGE_ROOT = packageRoot();

/** The command. */
export const PROGRAM = programPath('src/cli/main');

/** The process of one ceremony. */
export const CEREMONY_PROGRAM = programPath('src/cli/ceremony/ceremony-process');

export type ServicePorts = {
  readonly api: number;
  readonly cmp: number;
  readonly publication: number;
  readonly operators: number;
};

export type ServiceHome = {
  readonly home: string;
  readonly configFile: string;
  readonly ports: ServicePorts;
  /** What `configFile` says of it. */
  readonly database: DatabaseOptions;
  /** The folder with all of it; removed by `removeServiceHome`. */
  readonly folder: string;
  /** Its processes run there. Absent: on the host of the test. */
  readonly host?: Host;
  /** What its processes run. Absent: `PROGRAM`. */
  readonly program?: string;
};

/**
 * `keyType`: of every CA; `rsa-4096` is what the policies of the package say and takes a while to
 * make, once a run. The policies are copied and get the same key type: they say of which type
 * the next generation would be.
 */
export async function makeServiceHome(
  keyType: KeyType,
  { environment = {}, database: kind = 'sqlite', host, suspension = 'campaign' }: HomeOptions = {},
): Promise<ServiceHome> {
  const made = await developmentHome({ keyType });
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-service-'));
  const policies = policiesWith(keyType, folder, suspension);
  const environmentFile = join(policies, 'environments', 'development.json');
  const stated = JSON.parse(readFileSync(environmentFile, 'utf8')) as object;
  writeFileSync(environmentFile, JSON.stringify({ ...stated, ...environment }));
  const ports = await servicePorts();
  const database = typeof kind === 'string' ? await databaseFor(kind, made) : kind;
  const place = host === undefined ? {} : { host };
  const at = { home: made, configFile: join(folder, 'config.json'), ports, database, folder, ...place };
  configure(at, {
    policies,
    publicAddress: `http://${host?.address ?? '127.0.0.1'}:${ports.publication}`,
    listen: listenOn(at),
  });
  return at;
}

/** `always`: accounts may suspend what is on cards of professionals, and not only campaigns. */
type Suspension = 'campaign' | 'always';

/** A copy of the policies that ship, in this folder, with keys of one type for every CA. */
export function policiesWith(keyType: KeyType, folder: string, suspensionAllowed: Suspension = 'campaign'): string {
  const policies = join(folder, 'policies');
  cpSync(join(PACKAGE_ROOT, 'policies'), policies, { recursive: true });
  for (const file of authorityFiles(policies)) setMembers(file, { keyType });
  for (const name of ['cps-authentication', 'cps-signature'])
    setMembers(join(policies, 'fort', 'profiles', `${name}.json`), { suspensionAllowed });
  return policies;
}

export type HomeOptions = {
  /** What the development environment's file shall say otherwise. */
  readonly environment?: object;
  /** A kind, on the cluster that all tests share; or one that is there. */
  readonly database?: DatabaseKind | PostgresqlDatabase;
  readonly host?: Host;
  readonly suspension?: Suspension;
};

async function databaseFor(kind: DatabaseKind, home: string): Promise<DatabaseOptions> {
  return kind === 'sqlite' ? sqliteOf(home) : (await sharedCluster()).create();
}

/** Changes members of the configuration, which a service reads when it starts. */
export function configure({ configFile, database, folder }: ServiceHome, members: object): void {
  const before = existsSync(configFile) ? (JSON.parse(readFileSync(configFile, 'utf8')) as object) : {};
  const after = { ...before, database: databaseConfig(database, folder), ...members };
  writeFileSync(configFile, JSON.stringify(after));
}

function sqliteOf(home: string): DatabaseOptions {
  return { kind: 'sqlite', file: join(home, 'pfcng.sqlite') };
}

function databaseConfig(options: DatabaseOptions, folder: string): object {
  if (options.kind === 'sqlite') return { kind: 'sqlite' };
  const { kind, host, port, database, user, password, tls } = options;
  const passwordFile = join(folder, 'database.password');
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, `${password?.() ?? ''}\n`, { mode: 0o400 });
  const stated = { kind, host, port, database, user, passwordFile };
  if (tls === null) return stated;
  const ca = join(folder, 'database.ca.pem');
  writeFileSync(ca, tls.ca);
  return { ...stated, tls: { ...tls, ca } };
}

/** Its PostgreSQL database goes with the cluster. */
export function removeServiceHome({ home, folder }: ServiceHome): void {
  for (const path of [home, folder]) rmSync(path, { recursive: true, force: true });
}

/**
 * A second home with the same content, for tests that tamper; nothing may run on the first
 * meanwhile.
 */
export async function copyServiceHome(from: ServiceHome): Promise<ServiceHome> {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-service-copy-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  cpSync(from.home, home, { recursive: true, filter: isNoSocket });
  const { database: original } = from;
  const database = original.kind === 'sqlite' ? sqliteOf(home) : await (await sharedCluster()).copy(original.database);
  const copy = { ...from, home, folder, database, configFile: join(folder, 'config.json') };
  cpSync(from.configFile, copy.configFile);
  configure(copy, {});
  return copy;
}

/**
 * A home for another service on the same database and the same signers, which are units of their
 * own. Its certificates say where the first one publishes.
 */
export async function secondServiceHome(first: ServiceHome): Promise<ServiceHome> {
  const second = await anotherHome(first);
  configure(second, { signerSockets: { folder: homePaths(first.home).signerSockets } });
  return second;
}

/**
 * A home for another node on the same database: it has signers of its own, on copies of the tokens
 * of the first one, on which nothing may run meanwhile. `null`: it is on the host of the test.
 */
export async function nodeHome(first: ServiceHome, host: Host | null): Promise<ServiceHome> {
  const node = await anotherHome(host === null ? first : { ...first, host });
  rmSync(homePaths(node.home).signers, { recursive: true, force: true });
  await pointTokensTo(first.home, node.home);
  return node;
}

async function anotherHome(first: ServiceHome): Promise<ServiceHome> {
  assert.ok(first.database.kind === 'postgresql', 'a SQLite file has one service');
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-service-second-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  cpSync(first.home, home, { recursive: true, filter: isNoSocket });
  // Another home folder is another node.
  rmSync(homePaths(home).node);
  const ports = await servicePorts();
  const second = { ...first, home, folder, ports, configFile: join(folder, 'config.json') };
  cpSync(first.configFile, second.configFile);
  configure(second, { listen: listenOn(second) });
  return second;
}

/** Ports that are free now. */
export async function servicePorts(): Promise<ServicePorts> {
  const [api = 0, publication = 0, operators = 0, cmp = 0] = await freePorts(4);
  return { api, cmp, publication, operators };
}

/** All addresses of its host, or only the loopback address of the test's host. */
export function listenOn({ ports, host }: Pick<ServiceHome, 'ports' | 'host'>): object {
  const at = host === undefined ? {} : { host: '0.0.0.0' };
  const { api, cmp, publication, operators } = ports;
  return {
    api: { port: api, ...at },
    cmp: { port: cmp, ...at },
    publication: { port: publication, ...at },
    operators: { port: operators, ...at },
  };
}

/**
 * For copies of a home folder whose processes run: sockets cannot be copied, and locks belong to
 * the processes of the original.
 */
export function isNoSocket(path: string): boolean {
  return !path.endsWith('.sock') && !/lock\.\d+$/.test(path) && !/\/run$/.test(path);
}

function authorityFiles(policies: string): readonly string[] {
  return ['fort', 'standard', 'elementaire'].flatMap((hierarchy) => {
    const folder = join(policies, hierarchy, 'authorities');
    return readdirSync(folder).map((name) => join(folder, name));
  });
}

function setMembers(file: string, members: object): void {
  const document = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...document, ...members }));
}
