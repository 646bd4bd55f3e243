/** One ceremony in this process: its plan read and checked, the home's files and tokens, and nobody else at it. */
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hold } from '../../hsm/exclusive-lock.js';
import { type Bilingual, both } from '../ceremony/bilingual.js';
import type { CeremonyFailure } from '../ceremony/failures.js';
import { describeFailure } from '../ceremony/failures.js';
import { type CeremonyPerformed, performCeremony } from '../ceremony/perform.js';
import type { CeremonyPlan, PlanFile } from '../ceremony/plan/model.js';
import { readPlan } from '../ceremony/plan/read.js';
import type { Terminal } from '../ceremony/sitting/terminal.js';
import type { Progress } from '../ceremony/world.js';
import { systemClock, systemRandom } from '../compose/world.js';
import { type Config, loadConfig } from '../config/load.js';
import { packageRoot } from '../config/paths.js';
import { loadPolicy } from '../config/policy.js';
import { packageVersion } from '../config/version.js';
import { utf8 } from '../kernel/bytes.js';
import { sha256Hex } from '../kernel/digest.js';
import { err, ok, type Result } from '../kernel/result.js';
import { policyFaultLines } from '../policy/load/describe-faults.js';
import { overridesFor } from '../policy/load/overrides.js';
import { compileJsonSchema } from '../policy/load/validate-json.js';
import type { Policy, PolicyFault } from '../policy/model.js';
import type { KeyType } from '../x509/model.js';
import { ceremonyCrls } from './crls.js';
import { orSystemWords, SETTINGS } from './failure-text.js';
import { homeFiles, isThere } from './files.js';
import { guardMemory } from './machine.js';
import { playedTerminal } from './played-people.js';
import type { Rehearsal } from './rehearsal.js';
import { homeTokens } from './tokens.js';

export type CeremonyRequest = {
  /** Folder that the paths of the plan are relative to; made if need be. */
  readonly home: string;
  readonly planFile: string;
  /** For tests: every key of this type instead of the policy's. */
  readonly keyType?: KeyType | undefined;
  readonly progress: Progress;
  readonly people: People;
  /** In a rehearsal: of whatever plan, since its tokens go when it has ended. */
  readonly rehearsal?: Rehearsal | undefined;
};

/** Who answers: those in the room, or the program in their place, with what is done with the lines that they would be shown. */
export type People =
  | { readonly kind: 'present'; readonly terminal: Terminal }
  | { readonly kind: 'played'; readonly show: (line: string) => void };

/** Lines for people. */
export type Refused = { readonly kind: 'ceremony-refused'; readonly lines: readonly string[] };

/** A ceremony that was killed lets go of its folder at once; one that hangs keeps it. */
const HOLD_WAIT_MS_MAX = 60_000;

export function performPlan(request: CeremonyRequest): Promise<Result<CeremonyPerformed, Refused>> {
  return orSystemWords<Result<CeremonyPerformed, Refused>>(
    () => performHeld(request),
    (line) => refused([line]),
  );
}

function refused(lines: readonly string[]): Result<never, Refused> {
  return err({ kind: 'ceremony-refused', lines });
}

type Checked = { readonly config: Config; readonly policy: Policy; readonly plan: CeremonyPlan };

async function checkRequest({
  home,
  planFile,
  keyType,
}: Pick<CeremonyRequest, 'home' | 'planFile' | 'keyType'>): Promise<Result<Checked, Refused>> {
  const config = loadConfig({ home });
  if (!config.ok) return refused([SETTINGS, ...config.error.faults]);
  const policy = loadPolicyWith(config.value, keyType);
  if (!policy.ok) return refused([both(POLICY_REFUSED), ...policyFaultLines(policy.error)]);
  const plan = await loadPlan(planFile, policy.value);
  if (!plan.ok) return refused(describeFailure(plan.error).split('\n'));
  return ok({ config: config.value, policy: policy.value, plan: plan.value });
}

/** The plan, read and checked; nothing is touched. */
export async function checkPlan(planFile: string): Promise<Result<CeremonyPlan, Refused>> {
  const checked = await orSystemWords<Result<Checked, Refused>>(
    () => checkRequest({ home: tmpdir(), planFile, keyType: undefined }),
    (line) => refused([line]),
  );
  return checked.ok ? ok(checked.value.plan) : checked;
}

async function performHeld(request: CeremonyRequest): Promise<Result<CeremonyPerformed, Refused>> {
  const checked = await checkRequest(request);
  if (!checked.ok) return checked;
  const { config, policy, plan } = checked.value;
  const { people, rehearsal } = request;
  if (people.kind === 'played' && rehearsal === undefined && plan.environment !== 'development')
    return refused([both(NOT_PLAYED)]);
  const marked = await checkMark(config, policy);
  if (!marked.ok) return refused([both(marked.error)]);
  const held = await hold(join(config.paths.run, 'ceremony', plan.id), HOLD_WAIT_MS_MAX);
  if (!held.ok) return refused([both(heldBy(held.error.holder, plan.id))]);
  try {
    const performed = await perform(config, { plan, policy, request });
    return performed.ok ? performed : refused(describeFailure(performed.error).split('\n'));
  } finally {
    held.value.release();
  }
}

const POLICY_REFUSED = { fr: 'la politique est refusée ; à corriger :', en: 'the policy is refused; to be mended:' };

const NOT_PLAYED = {
  fr: "les personnes ne sont jouées par le programme que dans l'environnement development, ou en répétition",
  en: 'the program plays people in the development environment only, or in a rehearsal',
};

function heldBy(holder: string, id: string): Bilingual {
  return {
    fr: `le processus ${holder} exécute la cérémonie ${id} en ce moment : attendez qu'il ait fini`,
    en: `process ${holder} performs the ceremony ${id} just now: wait until it is through`,
  };
}

function loadPolicyWith(
  { policies, environment, publicAddress }: Config,
  authorityKeyType: KeyType | undefined,
): Result<Policy, readonly PolicyFault[]> {
  return loadPolicy(policies, environment, overridesFor({ authorityKeyType, publicAddress }));
}

async function perform(
  { paths, pkcs11 }: Config,
  { plan, policy, request }: { plan: CeremonyPlan; policy: Policy; request: CeremonyRequest },
): Promise<Result<CeremonyPerformed, CeremonyFailure>> {
  const { people, progress, rehearsal } = request;
  const clock = (await rehearsal?.begin(paths.home, plan)) ?? systemClock;
  const files = homeFiles(paths.home);
  const mark = policy.environment.mark;
  const tokens = homeTokens({ home: paths.home, files, random: systemRandom, modulePath: pkcs11.module, mark });
  try {
    return await performCeremony(
      {
        policy,
        tokens,
        files,
        crls: ceremonyCrls,
        clock,
        isRehearsal: rehearsal !== undefined,
        random: systemRandom,
        progress,
        terminal:
          people.kind === 'present'
            ? people.terminal
            : playedTerminal({ files, random: systemRandom, show: people.show }),
        machine: guardMemory(pkcs11.module),
        software: {
          version: packageVersion(),
          details: { node: process.version, pkcs11ModuleSha256: sha256Hex(await readFile(pkcs11.module)) },
        },
      },
      plan,
    );
  } finally {
    await tokens.close();
  }
}

export async function loadPlan(file: string, policy: Policy): Promise<Result<CeremonyPlan, CeremonyFailure>> {
  const text = await readFile(file);
  schemaOfPlans ??= compileJsonSchema<PlanFile>(
    JSON.parse(await readFile(join(packageRoot(), 'policies', 'schemas', 'ceremony-plan.schema.json'), 'utf8')),
  );
  return readPlan(new Uint8Array(text), { file, schema: schemaOfPlans, policy });
}

/** Compiled once: that takes longer than a short ceremony, and a rehearsal reads each of its plans twice. */
let schemaOfPlans: ReturnType<typeof compileJsonSchema<PlanFile>> | null = null;

/** The mark of a home folder: other commands take a folder without it for one that is not made yet. */
export async function markHome(home: string, mark: Policy['environment']['mark']): Promise<void> {
  if (await isThere(join(home, 'environment.json'))) return;
  await homeFiles(home).create('environment.json', utf8(`${JSON.stringify({ mark })}\n`));
}

async function checkMark({ paths }: Config, { environment }: Policy): Promise<Result<void, Bilingual>> {
  if (!(await isThere(paths.environment))) return ok(undefined);
  const value = parseJson(await readFile(paths.environment, 'utf8'));
  const mark = typeof value === 'object' && value !== null && 'mark' in value ? value.mark : undefined;
  if (mark === environment.mark) return ok(undefined);
  if (typeof mark !== 'string')
    return err({
      fr: `${paths.environment} ne nomme aucun environnement : ce dossier n'est pas le nôtre, choisissez-en un autre`,
      en: `${paths.environment} names no environment: this folder is not ours, choose another`,
    });
  return err({
    fr: `${paths.home} est de l'environnement ${mark}, non ${environment.mark} : choisissez un autre dossier`,
    en: `${paths.home} belongs to the environment ${mark}, not ${environment.mark}: choose another folder`,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function developmentPlanFile(id: string): string {
  return join(packageRoot(), 'policies', 'ceremonies', 'development', `${id}.json`);
}
