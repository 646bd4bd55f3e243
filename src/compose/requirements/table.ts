/**
 * The table of everything that a process needs before it starts a signer, opens its database or
 * listens. A fault does not end the checks: all that are possible are made, so that their faults
 * are reported together.
 */
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { errorMessage } from '../../kernel/errors.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Home, type Installation, loadInstallation } from '../home.js';
import type { Roles } from '../roles.js';
import { accessAuthorities, apiCertificate, blockedKeys } from './api.js';
import { authorities, cmpSigners, responders, rootCrls } from './authorities.js';
import { proxySocketRequirement } from './proxy-socket.js';
import { registrationKeys } from './registration-keys.js';
import { isNeededBy, type Requirement, type RequirementName, type StartFault } from './requirement.js';
import { database, databaseAccess, outlets } from './servers.js';
import { configuration, homeFolder, namedAuthorities, node, policy } from './settings.js';
import { tagKeys } from './tag-keys.js';
import { signerSockets, tokens } from './tokens.js';
import { webhooks } from './webhooks.js';

/**
 * All checks, in the order in which a person repairs faults. A name without its check does not
 * compile.
 */
const BY_NAME = {
  configuration,
  policy,
  'named-authorities': namedAuthorities,
  'home-folder': homeFolder,
  node,
  'tag-keys': tagKeys,
  'registration-keys': registrationKeys,
  authorities,
  responders,
  'cmp-signers': cmpSigners,
  'root-crls': rootCrls,
  tokens,
  'signer-sockets': signerSockets,
  'api-certificate': apiCertificate,
  'proxy-socket': proxySocketRequirement,
  'access-authorities': accessAuthorities,
  'blocked-keys': blockedKeys,
  outlets,
  webhooks,
  'database-access': databaseAccess,
  database,
} as const satisfies { readonly [Name in RequirementName]: Requirement<Name> };

export const REQUIREMENTS: readonly Requirement[] = Object.values(BY_NAME);

/**
 * Makes one check. null: another fault has to be repaired before this can be checked. A check that
 * throws is reported as a fault.
 */
export async function checkRequirement(
  requirement: Requirement,
  installation: Installation,
  roles: Roles,
): Promise<readonly StartFault[] | null> {
  try {
    return await requirement.find(installation, roles);
  } catch (error) {
    return [failedCheck(requirement, error)];
  }
}

function failedCheck({ name, question }: Requirement, error: unknown): StartFault {
  const detail = errorMessage(error);
  return {
    location: name,
    fault: { fr: 'la vérification a échoué', en: 'it could not be checked' },
    purpose: { fr: `vérification ${name}`, en: question },
    remedy: { fr: 'corriger la cause', en: 'correct the cause' },
    details: [detail],
  };
}

/**
 * Loads the configuration and the policy, and makes all checks for a process with these roles. The
 * error is the faults, as lines for people.
 */
export async function loadHomeForStart(roles: Roles): Promise<Result<Home, readonly string[]>> {
  const installation = loadInstallation();
  const { config, policy: loaded } = installation;
  const faults = await startFaults(installation, roles);
  if (config.ok && loaded?.ok === true && faults.length === 0)
    return ok({ config: config.value, policy: loaded.value });
  return err(startFaultLines(faults));
}

/**
 * Makes all checks for a process with these roles. Returns lines for people; none if the process
 * may start.
 */
export async function startRefusalLines({ config, policy: loaded }: Home, roles: Roles): Promise<readonly string[]> {
  const faults = await startFaults({ config: ok(config), policy: ok(loaded) }, roles);
  return faults.length === 0 ? [] : startFaultLines(faults);
}

/** Returns the faults with which a process with these roles does not start. */
export async function startFaults(installation: Installation, roles: Roles): Promise<readonly StartFault[]> {
  return (await findFaults(installation, roles)).filter(({ stopsStart }) => stopsStart !== false);
}

/** Makes all checks for a process with these roles, and returns all faults. */
export async function findFaults(installation: Installation, roles: Roles): Promise<readonly StartFault[]> {
  const faults: StartFault[] = [];
  for (const requirement of REQUIREMENTS.filter((one) => isNeededBy(one, roles)))
    faults.push(...((await checkRequirement(requirement, installation, roles)) ?? []));
  return faults;
}

function startFaultLines(faults: readonly StartFault[]): readonly string[] {
  const heading = {
    fr: `PFCNG ne démarre pas ; à corriger (${faults.length}) :`,
    en: `PFCNG does not start; to be corrected (${faults.length}):`,
  };
  return [
    inBothLanguages(heading),
    ...faults.flatMap((one, at) => {
      const [first = '', ...more] = faultLines(one);
      const remedy = `${inBothLanguages(REMEDY)}: ${inBothLanguages(one.remedy)}`;
      return [`${at + 1}. ${first}`, ...more.map((line) => `   ${line}`), `   ${remedy}`];
    }),
  ];
}

/** Returns lines for people. The first line has the location and the fault. */
export function faultLines({ location, fault, purpose, details = [] }: StartFault): readonly string[] {
  return [
    `${location}: ${inBothLanguages(fault)}`,
    ...details,
    `${inBothLanguages(PURPOSE)}: ${inBothLanguages(purpose)}`,
  ];
}

const PURPOSE: Bilingual = { fr: 'utilité', en: 'purpose' };
const REMEDY: Bilingual = { fr: 'à faire', en: 'what to do' };
