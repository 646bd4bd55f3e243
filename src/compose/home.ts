/**
 * Loads the configuration and the policy of a home folder, and checks that the folder is of the
 * environment that they name. The service and most commands begin with this.
 */
import { existsSync } from 'node:fs';
import { type Config, type ConfigFault, loadConfig } from '../config/load.js';
import { loadPolicy } from '../config/policy.js';
import { tryReadRegularFile } from '../config/regular-file.js';
import { membersOf, parseJson } from '../kernel/json.js';
import { err, ok, type Result } from '../kernel/result.js';
import { policyFaultLines } from '../policy/load/describe-faults.js';
import type { Policy } from '../policy/model.js';

export type Home = { readonly config: Config; readonly policy: Policy };

/**
 * What was loaded for an installation: its configuration and its policy. Loading either of them can
 * have failed.
 */
export type Installation = {
  readonly config: Result<Config, ConfigFault>;
  /**
   * null: it was not loaded, because the configuration, which names the folder of the policy, is
   * not valid.
   */
  readonly policy: Result<Policy, ConfigFault> | null;
};

export function loadInstallation(): Installation {
  const config = loadConfig();
  return { config, policy: config.ok ? loadPolicyFor(config.value) : null };
}

/**
 * Loads the configuration and the policy. Refuses a folder that is no home folder of this
 * environment, or that cannot be used now. `fresh`: the folder may be empty, for the command that
 * fills it.
 */
export function loadHome(options: { readonly fresh?: boolean } = {}): Result<Home, ConfigFault> {
  const config = loadConfig();
  if (!config.ok) return config;
  const policy = loadPolicyFor(config.value);
  if (!policy.ok) return policy;
  const home = { config: config.value, policy: policy.value };
  if (options.fresh === true && !existsSync(home.config.paths.environment)) return ok(home);
  const fault = homeFolderFault(home);
  return fault === null ? ok(home) : err({ kind: 'configuration', faults: [fault] });
}

export function loadPolicyFor(config: Config): Result<Policy, ConfigFault> {
  const { publicAddress } = config;
  const overrides = publicAddress === undefined ? {} : { environment: { addresses: addressesAt(publicAddress) } };
  const policy = loadPolicy(config.policies, config.environment, overrides);
  if (policy.ok) return policy;
  return err({ kind: 'configuration', faults: policyFaultLines(policy.error) });
}

function addressesAt(base: string) {
  return { publication: base, ocsp: `${base}/ocsp`, certificationPracticeStatement: `${base}/PC%20TEST` };
}

/**
 * Says why the folder is not a home folder of this environment, or cannot be used now; null: it can
 * be used.
 */
export function homeFolderFault({ config: { paths }, policy: { environment } }: Home): string | null {
  if (existsSync(paths.placing))
    return `a restore into ${paths.home} was interrupted: run the same pfcng restore command again (ops/restore.md)`;
  if (!existsSync(paths.environment))
    return `no home folder at ${paths.home}: run this where npm start ran, or name it in PFCNG_HOME`;
  const mark = readEnvironmentMark(paths.environment);
  if (mark === environment.mark) return null;
  if (mark === null) return `${paths.environment} cannot be read, or is damaged: restore it from a backup`;
  return `${paths.home} belongs to the environment ${mark}, not ${environment.mark}: choose another PFCNG_HOME`;
}

/** Reads the mark in `environment.json`. null: the file cannot be read, or names no environment. */
export function readEnvironmentMark(file: string): string | null {
  const read = tryReadRegularFile(file);
  if (!read.ok) return null;
  const { mark } = membersOf(parseJson(Buffer.from(read.value).toString('utf8')));
  return typeof mark === 'string' ? mark : null;
}
