/**
 * What a process needs before it starts, as rows of a table (`table.ts`). The start and `pfcng
 * doctor` use the same rows.
 */
import { existsSync } from 'node:fs';
import type { Config } from '../../config/load.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Policy } from '../../policy/model.js';
import type { Role } from '../../ports/node.js';
import type { Home, Installation } from '../home.js';
import type { Roles } from '../roles.js';

/** A file, folder, server or setting that is missing or wrong. */
export type StartFault = {
  /**
   * The path or address of what is missing or wrong, or the setting. If a check itself has failed:
   * its name.
   */
  readonly location: string;
  readonly fault: Bilingual;
  readonly purpose: Bilingual;
  /** What to do: the command that makes what is missing, or where it comes from. */
  readonly remedy: Bilingual;
  /** Further lines, in English only: messages of the parts of the program that found the fault. */
  readonly details?: readonly string[];
  /** false: the process starts with this fault. Absent: it does not start. */
  readonly stopsStart?: false;
};

/** null: another fault has to be repaired before this can be checked. */
type Faults = readonly StartFault[] | null;

export type RequirementName =
  | 'configuration'
  | 'policy'
  | 'named-authorities'
  | 'home-folder'
  | 'node'
  | 'tag-keys'
  | 'registration-keys'
  | 'authorities'
  | 'responders'
  | 'cmp-signers'
  | 'root-crls'
  | 'tokens'
  | 'signer-sockets'
  | 'api-certificate'
  | 'proxy-socket'
  | 'access-authorities'
  | 'blocked-keys'
  | 'outlets'
  | 'webhooks'
  | 'database-access'
  | 'database';

/** A check of the table; its name is that of the check in `pfcng doctor`. */
export type Requirement<Name extends RequirementName = RequirementName> = {
  readonly name: Name;
  /** Says, as a question, what the check finds out. */
  readonly question: string;
  /** The roles whose processes need it. */
  readonly roles: readonly Role[];
  /** Finds the faults. It creates and changes nothing, whether the service runs or not. */
  readonly find: (installation: Installation, roles: Roles) => Promise<Faults> | Faults;
};

export const EVERY_ROLE: readonly Role[] = ['api', 'responder', 'worker', 'console'];
export const WRITING_ROLES: readonly Role[] = ['api', 'worker', 'console'];

/** Whether a process with these roles needs what is checked. */
export function isNeededBy(requirement: Requirement, roles: Roles): boolean {
  return requirement.roles.some((role) => roles.has(role));
}

/**
 * Makes a check of what the configuration names. The check is possible only with a valid
 * configuration. `policy`: null if the policy is not valid.
 */
export function configurationCheck(
  find: (config: Config, policy: Policy | null, roles: Roles) => Promise<readonly StartFault[]> | readonly StartFault[],
): Requirement['find'] {
  return ({ config, policy }, roles) =>
    config.ok ? find(config.value, policy?.ok === true ? policy.value : null, roles) : null;
}

/**
 * Makes a check of what is in the home folder. The check is not possible if there is no home
 * folder, because every file would then be reported as missing, or if the configuration or the
 * policy is not valid.
 */
export function homeCheck(
  find: (home: Home, roles: Roles) => Promise<readonly StartFault[]> | readonly StartFault[],
): Requirement['find'] {
  return ({ config, policy }, roles) => {
    if (!config.ok || policy?.ok !== true || !isHomeFolder(config.value)) return null;
    return find({ config: config.value, policy: policy.value }, roles);
  };
}

function isHomeFolder({ paths }: Config): boolean {
  return existsSync(paths.environment) || existsSync(paths.authorities);
}

/** Gives a fault of `secretFileFault` in both languages. */
export function secretFault(fault: string | null): Bilingual | null {
  if (fault === null) return null;
  return { fr: "droits ou type de fichier à corriger (0400, à l'utilisateur du service)", en: `it ${fault}` };
}
