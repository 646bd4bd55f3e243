/**
 * Performs one ceremony in this process: reads and checks the plan, takes the lock of the ceremony,
 * and connects it to the files and tokens of the home folder.
 */
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireLock } from '../../hsm/exclusive-lock.js';
import type { CeremonyFailure } from '../ceremony/failures.js';
import { failureLines } from '../ceremony/failures.js';
import { type CeremonyResult, performCeremony } from '../ceremony/perform.js';
import type { CeremonyPlan } from '../ceremony/plan/model.js';
import { readPlan } from '../ceremony/plan/read.js';
import type { Terminal } from '../ceremony/sitting/terminal.js';
import type { CeremonyWorld, Progress } from '../ceremony/world.js';
import { type Config, loadConfig } from '../config/load.js';
import { loadPolicy } from '../config/policy.js';
import { readRegularFile } from '../config/regular-file.js';
import { packageVersion } from '../config/version.js';
import { type Bilingual, untranslated } from '../kernel/bilingual.js';
import { type Bytes, utf8 } from '../kernel/bytes.js';
import { sha256Hex } from '../kernel/digest.js';
import { membersOf, parseJson } from '../kernel/json.js';
import { err, ok, type Result } from '../kernel/result.js';
import { packageRoot } from '../package/package-root.js';
import { policyFaultLines } from '../policy/load/describe-faults.js';
import { overridesFor } from '../policy/load/overrides.js';
import type { Policy, PolicyFault } from '../policy/model.js';
import type { Clock, Random } from '../ports/world.js';
import type { KeyType } from '../x509/model.js';
import { orSystemErrorText, SETTINGS_FAULTS } from './failure-text.js';
import { homeFiles, isThere } from './files.js';
import { guardMemory } from './machine.js';
import { playedTerminal, type Rehearsal } from './rehearsal.js';
import { homeTokens } from './tokens.js';

type CeremonyRequest = {
  readonly clock: Clock;
  readonly random: Random;
  /** The folder that the paths of the plan are relative to. It is created if it does not exist. */
  readonly home: string;
  readonly planFile: string;
  /** For tests: the type of every key, instead of the one in the policy. */
  readonly keyType?: KeyType | undefined;
  readonly progress: Progress;
  readonly people: CeremonyPeople;
  /**
   * Present in a rehearsal only. Any plan may be rehearsed, because the tokens are deleted
   * afterwards.
   */
  readonly rehearsal?: Rehearsal | undefined;
};

/** The people who answer: those who are present, or the program in their place. */
export type CeremonyPeople =
  | { readonly kind: 'present'; readonly terminal: Terminal }
  | { readonly kind: 'played'; readonly show: Terminal['show'] };

/** Why a ceremony did not end, in lines for people. */
export type CeremonyRefusal = { readonly kind: 'ceremony-refused'; readonly lines: readonly Bilingual[] };

/** The lock of a ceremony that was killed is free at once; a ceremony that hangs keeps it. */
const LOCK_WAIT_MS_MAX = 60_000;

export function performPlan(request: CeremonyRequest): Promise<Result<CeremonyResult, CeremonyRefusal>> {
  return orSystemErrorText<Result<CeremonyResult, CeremonyRefusal>>(
    () => performLocked(request),
    (line) => refuse([line]),
  );
}

function refuse(lines: readonly Bilingual[]): Result<never, CeremonyRefusal> {
  return err({ kind: 'ceremony-refused', lines });
}

type CheckedRequest = { readonly config: Config; readonly policy: Policy; readonly plan: CeremonyPlan };

async function checkRequest({
  home,
  planFile,
  keyType,
}: Pick<CeremonyRequest, 'home' | 'planFile' | 'keyType'>): Promise<Result<CheckedRequest, CeremonyRefusal>> {
  const config = loadConfig({ home });
  if (!config.ok) return refuse([SETTINGS_FAULTS, ...config.error.faults.map(untranslated)]);
  const policy = loadPolicyWith(config.value, keyType);
  if (!policy.ok) return refuse([POLICY_REFUSED, ...policyFaultLines(policy.error).map(untranslated)]);
  const plan = await loadPlan(planFile, policy.value);
  if (!plan.ok) return refuse(failureLines(plan.error));
  return ok({ config: config.value, policy: policy.value, plan: plan.value });
}

/** Reads and checks a plan, and changes nothing. */
export async function checkPlan(planFile: string): Promise<Result<CeremonyPlan, CeremonyRefusal>> {
  const checked = await orSystemErrorText<Result<CheckedRequest, CeremonyRefusal>>(
    () => checkRequest({ home: tmpdir(), planFile, keyType: undefined }),
    (line) => refuse([line]),
  );
  return checked.ok ? ok(checked.value.plan) : checked;
}

async function performLocked(request: CeremonyRequest): Promise<Result<CeremonyResult, CeremonyRefusal>> {
  const checked = await checkRequest(request);
  if (!checked.ok) return checked;
  const { config, policy, plan } = checked.value;
  const { people, rehearsal } = request;
  if (people.kind === 'played' && rehearsal === undefined && plan.environment !== 'development')
    return refuse([NOT_PLAYED]);
  const marked = await checkMark(config, policy);
  if (!marked.ok) return refuse([marked.error]);
  const lock = await acquireLock(join(config.paths.run, 'ceremony', plan.id), LOCK_WAIT_MS_MAX);
  if (!lock.ok) return refuse([lockedBy(lock.error.owner, plan.id)]);
  try {
    const performed = await perform(config, { plan, policy, request });
    return performed.ok ? performed : refuse(failureLines(performed.error));
  } finally {
    lock.value.release();
  }
}

const POLICY_REFUSED = { fr: 'la politique est refusée ; à corriger :', en: 'the policy is refused; to be corrected:' };

const NOT_PLAYED = {
  fr: "le programme ne simule les personnes que dans l'environnement development, ou en répétition",
  en: 'the program simulates people in the development environment only, or in a rehearsal',
};

function lockedBy(holder: string, id: string): Bilingual {
  return {
    fr: `le processus ${holder} exécute en ce moment la cérémonie ${id} : attendez qu'il ait terminé`,
    en: `process ${holder} is performing ceremony ${id}: wait until it has finished`,
  };
}

export function loadPolicyWith(
  { policies, environment, publicAddress }: Config,
  authorityKeyType: KeyType | undefined,
): Result<Policy, readonly PolicyFault[]> {
  return loadPolicy(policies, environment, overridesFor({ authorityKeyType, publicAddress }));
}

async function perform(
  config: Config,
  { plan, policy, request }: { plan: CeremonyPlan; policy: Policy; request: CeremonyRequest },
): Promise<Result<CeremonyResult, CeremonyFailure>> {
  const { people, rehearsal } = request;
  const { home } = config.paths;
  const clock = (await rehearsal?.begin(home, plan)) ?? request.clock;
  const terminal =
    people.kind === 'present'
      ? people.terminal
      : playedTerminal({ files: homeFiles(home), random: request.random, show: people.show });
  const { world, close } = await openWorld(config, policy, { ...request, clock, terminal });
  try {
    return await performCeremony({ ...world, isRehearsal: rehearsal !== undefined }, plan);
  } finally {
    await close();
  }
}

/** The archive of an offline machine has a command of its own. */
async function commandHere(): Promise<string> {
  return (await isThere(join(packageRoot(), 'ceremony'))) ? './ceremony' : 'npx pfcng ceremony';
}

type WorldRequest = Pick<CeremonyRequest, 'clock' | 'random' | 'progress' | 'planFile'> & {
  readonly terminal: Terminal;
};

/** The world of a ceremony in a home folder. From here on, memory is kept out of core dumps. */
export async function openWorld(
  { paths, pkcs11 }: Config,
  policy: Policy,
  { clock, random, progress, terminal, planFile }: WorldRequest,
): Promise<{ readonly world: CeremonyWorld; readonly close: () => Promise<void> }> {
  const files = homeFiles(paths.home);
  const mark = policy.environment.mark;
  const tokens = homeTokens({ home: paths.home, files, random, modulePath: pkcs11.module, mark });
  const world: CeremonyWorld = {
    policy,
    tokens,
    files,
    clock,
    random,
    progress,
    terminal,
    place: { home: paths.home, planFile, command: await commandHere() },
    machine: guardMemory(pkcs11.module),
    software: {
      version: packageVersion(),
      details: { node: process.version, pkcs11ModuleSha256: sha256Hex(await readFile(pkcs11.module)) },
    },
  };
  return { world, close: tokens.close };
}

export async function loadPlan(file: string, policy: Policy): Promise<Result<CeremonyPlan, CeremonyFailure>> {
  return readPlan(new Uint8Array(readRegularFile(file)), { file, policy });
}

/** Checks the text of a plan that is not in a file yet; `file` is its name in messages. */
export async function checkPlanText(
  text: Bytes,
  named: { readonly file: string; readonly policy: Policy },
): Promise<Result<CeremonyPlan, CeremonyRefusal>> {
  const plan = readPlan(text, named);
  return plan.ok ? plan : refuse(failureLines(plan.error));
}

/**
 * Writes the mark of the environment. Other commands treat a folder without it as not
 * initialised.
 */
export async function markHome(home: string, mark: Policy['environment']['mark']): Promise<void> {
  if (await isThere(join(home, 'environment.json'))) return;
  await homeFiles(home).create('environment.json', utf8(`${JSON.stringify({ mark })}\n`));
}

export async function checkMark({ paths }: Config, { environment }: Policy): Promise<Result<void, Bilingual>> {
  if (!(await isThere(paths.environment))) return ok(undefined);
  const value = parseJson(readRegularFile(paths.environment).toString('utf8'));
  const { mark } = membersOf(value);
  if (mark === environment.mark) return ok(undefined);
  if (typeof mark !== 'string')
    return err({
      fr: `${paths.environment} ne nomme aucun environnement : ce n'est pas un dossier de PFCNG, choisissez-en un autre`,
      en: `${paths.environment} names no environment: this is not a PFCNG home folder, choose another`,
    });
  return err({
    fr: `${paths.home} appartient à l'environnement ${mark} au lieu de ${environment.mark} : choisissez un autre dossier`,
    en: `${paths.home} belongs to the environment ${mark}, not ${environment.mark}: choose another folder`,
  });
}

export function developmentPlanFile(id: string): string {
  return join(packageRoot(), 'policies', 'ceremonies', 'development', `${id}.json`);
}
