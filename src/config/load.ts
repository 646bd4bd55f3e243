/**
 * The only place that reads the environment variables of the configuration: `PFCNG_HOME`,
 * `PFCNG_CONFIG`, `PFCNG_PKCS11_MODULE`, `CREDENTIALS_DIRECTORY`, `PATH`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ErrorObject } from 'ajv';
import { duplicateKeys } from '../kernel/duplicate-keys.js';
import { errorMessage } from '../kernel/errors.js';
import { err, ok, type Result } from '../kernel/result.js';
import { packageRoot } from '../package/package-root.js';
import { findSocketGroups, type SocketGroups } from './groups.js';
import { outletFaults } from './outlets.js';
import { type HomePaths, homeFault, homePaths } from './paths.js';
import { DUPLICATE_KEY } from './policy-files.js';
import { readRegularFile } from './regular-file.js';
import { replicaFaults } from './replicas.js';
import type { ConfigFile } from './schema/index.js';
import { PATTERN_DESCRIPTIONS } from './schema/pattern-descriptions.js';
import { validateConfig } from './schema/validator.js';
import { webhookFaults } from './webhooks.js';

export type Config = Omit<ConfigFile, 'policies' | 'pkcs11' | 'signerSockets'> & {
  readonly paths: HomePaths;
  readonly policies: string;
  /** The configuration file, for child processes; null: the defaults are used. */
  readonly file: string | null;
  readonly pkcs11: Required<ConfigFile['pkcs11']>;
  /** Group ids by caller role; null: only the owner of the sockets may use them. */
  readonly socketGroups: SocketGroups | null;
  /**
   * The folder of the systemd credentials (systemd.exec(5), `CREDENTIALS_DIRECTORY`); null: not run
   * by systemd.
   */
  readonly credentials: string | null;
  /** `PATH`, the only environment variable that child processes inherit. */
  readonly searchPath: string;
};

/** One line per fault, which says what to do. */
export type ConfigFault = { readonly kind: 'configuration'; readonly faults: readonly string[] };

/** Finds the SoftHSM library where packages install it; `npm start` uses the same list. */
export function softhsmModule(): string | undefined {
  const list = readFileSync(join(packageRoot(), 'src', 'config', 'softhsm-paths.json'), 'utf8');
  return (JSON.parse(list) as readonly string[]).find((path) => existsSync(path));
}

export function loadConfig(given: { readonly home?: string | undefined } = {}): Result<Config, ConfigFault> {
  const home = resolve(given.home ?? process.env.PFCNG_HOME ?? nearestHome(process.cwd()));
  const misplaced = homeFault(home);
  if (misplaced !== null) return fault(misplaced);
  const checked = readConfigFile();
  if (!checked.ok) return checked;
  const { pkcs11, policies, signerSockets, ...rest } = checked.value;
  const module = pkcs11.module ?? process.env.PFCNG_PKCS11_MODULE ?? softhsmModule();
  if (module === undefined)
    return fault(
      'no PKCS#11 library found: install softhsm2 (npm start does it), or set pkcs11.module in PFCNG_CONFIG',
    );
  const socketGroups = findSocketGroups(signerSockets);
  if (!socketGroups.ok) return fault(socketGroups.error);
  return ok({
    ...rest,
    paths: homePaths(home, signerSockets?.folder),
    socketGroups: socketGroups.value,
    credentials: process.env.CREDENTIALS_DIRECTORY ?? null,
    policies: policies ?? packagePolicies(),
    file: configFile(),
    pkcs11: { environment: {}, ...pkcs11, module },
    searchPath: process.env.PATH ?? '/usr/bin:/bin',
  });
}

/**
 * The policy files that `PFCNG_CONFIG` names, or those of the package, for commands that need no
 * HSM.
 */
export function configuredPolicy(): Result<
  Pick<ConfigFile, 'environment' | 'blockedKeys'> & { policies: string },
  ConfigFault
> {
  const read = readConfigFile();
  if (!read.ok) return read;
  const { environment, blockedKeys, policies } = read.value;
  return ok({ environment, blockedKeys, policies: policies ?? packagePolicies() });
}

/** The policy files of the package. */
export function packagePolicies(): string {
  return join(packageRoot(), 'policies');
}

/** null: `PFCNG_CONFIG` names none. */
export function configFile(): string | null {
  return process.env.PFCNG_CONFIG ? resolve(process.env.PFCNG_CONFIG) : null;
}

function readConfigFile(): Result<ConfigFile, ConfigFault> {
  const file = configFile();
  const read = file === null ? ok({}) : readJson(file);
  return read.ok ? checkConfig(read.value, file ?? 'the defaults') : read;
}

/**
 * Looks for an existing `var` here and in the folders above, so commands work in any folder of a
 * checkout.
 */
function nearestHome(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'var', 'environment.json'))) return join(folder, 'var');
    if (dirname(folder) === folder) return join(from, 'var');
  }
}

function readJson(file: string): Result<unknown, ConfigFault> {
  try {
    const text = readRegularFile(file).toString('utf8');
    const value: unknown = JSON.parse(text);
    const faults = Array.from(duplicateKeys(text), (pointer) => `${file}${pointer}: ${DUPLICATE_KEY}`);
    return faults.length === 0 ? ok(value) : err({ kind: 'configuration', faults });
  } catch (error) {
    return fault(`${file}: cannot be read as JSON (${errorMessage(error)})`);
  }
}

/**
 * Fills in the defaults. Reports all faults of the schema at once, each with its path; the other
 * checks are made only if there are none.
 */
export function checkConfig(value: unknown, name: string): Result<ConfigFile, ConfigFault> {
  const config = structuredClone(value);
  if (!validateConfig(config)) {
    const faults = (validateConfig.errors ?? []).map((error) => `${name}${error.instancePath}: ${schemaFault(error)}`);
    return err({ kind: 'configuration', faults });
  }
  if (config.publicAddress !== undefined && config.environment !== 'development')
    return fault(`${name}/publicAddress: only allowed in the development environment`);
  const faults = [...replicaFaults(config, name), ...outletFaults(config, name), ...webhookFaults(config, name)];
  if (faults.length > 0) return err({ kind: 'configuration', faults });
  const unencrypted = databaseFault(config);
  return unencrypted === null ? ok(config) : fault(`${name}/database: ${unencrypted}`);
}

/** For a `pattern`, describes the expected text instead of showing the regular expression. */
function schemaFault({ keyword, message, params, data, propertyName }: ErrorObject): string {
  if (keyword === 'additionalProperties') return `unknown member ${String(params.additionalProperty)}`;
  if (keyword !== 'pattern') return `${message} ${JSON.stringify(params)}`;
  return `${JSON.stringify(propertyName ?? data)} must be ${PATTERN_DESCRIPTIONS.get(String(params.pattern)) ?? message}`;
}

/** Requires TLS to another machine, because the database contains the names of holders. */
function databaseFault({ database }: ConfigFile): string | null {
  if (database.kind === 'sqlite' || database.tls !== undefined) return null;
  const { host } = database;
  if (host.startsWith('/') || ['localhost', '127.0.0.1', '::1'].includes(host)) return null;
  return `${host} is another machine: tls is required`;
}

function fault(message: string): Result<never, ConfigFault> {
  return err({ kind: 'configuration', faults: [message] });
}
