/**
 * Checks what must be true before a ceremony begins or continues. `pfcng ceremony check` shows
 * every fact. `performCeremony` stops at the first fault, but its first screen lists missing files
 * and tokens, so that people can still bring them.
 */
import { type Bilingual, untranslated } from '../kernel/bilingual.js';
import { formatInstant } from '../kernel/clock.js';
import { sha256Hex } from '../kernel/digest.js';
import type { Result } from '../kernel/result.js';
import type { PerformFailure, StepFailure } from './failures.js';
import { type CeremonyPlan, type CeremonyStep, type TokenUse, tokenUse } from './plan/model.js';
import { ceremonySignatureDraftPath, ceremonySignaturePath, planCopyPath, transcriptPath } from './plan/paths.js';
import { sharingGenerations } from './quorum/in-force.js';
import { setPath } from './quorum/share-set.js';
import { needsOf, outputsOf } from './steps/all.js';
import type { NeededFile } from './steps/kind.js';
import { checkPreviousLists } from './steps/shared/previous-list.js';
import {
  type CeremonyCircumstances,
  type CeremonyState,
  decideState,
  softwareFaults,
  windowFault,
} from './transcript/ceremony-state.js';
import { CeremonyTokenError, type CeremonyWorld } from './world.js';

export type ReadinessFact = {
  readonly about: 'state' | 'window' | 'version' | 'policy' | 'memory' | 'output' | 'file' | 'token' | 'shares';
  /** Describes what is expected or, if it is right, what was found. */
  readonly words: Bilingual;
  /** Why it is not as it must be; null: it is. */
  readonly failure: PerformFailure | null;
};

/**
 * Returns the facts about a ceremony that is to begin or, if it has begun, to continue, in the
 * order in which people correct them. It reads files and looks for tokens, and changes nothing.
 */
export async function readinessOf(world: CeremonyWorld, plan: CeremonyPlan): Promise<readonly ReadinessFact[]> {
  const state = await readState(world, plan);
  const isBegun = state.ok ? state.value.kind !== 'fresh' : await hasTranscript(world, plan);
  const facts = isBegun ? [stateFact(state)] : await beginningFacts(world, plan);
  return [...facts, ...memoryFacts(world, plan), ...(await tokenFacts(world, plan))];
}

/**
 * Returns the state of the ceremony according to its transcript. The error says why it cannot begin
 * or continue.
 */
export async function readState(
  world: CeremonyWorld,
  plan: CeremonyPlan,
): Promise<Result<CeremonyState, PerformFailure>> {
  const bytes = await world.files.read(transcriptPath(plan));
  const text = bytes === null ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const isSigned = plan.transcriptKey === undefined || (await world.files.read(ceremonySignaturePath(plan))) !== null;
  return decideState(text, plan, { ...circumstances(world), isSigned });
}

function circumstances({ clock, software, policy }: CeremonyWorld): Omit<CeremonyCircumstances, 'isSigned'> {
  return { now: clock(), softwareVersion: software.version, policyDigest: policy.digest };
}

async function hasTranscript({ files }: CeremonyWorld, plan: CeremonyPlan): Promise<boolean> {
  const bytes = await files.read(transcriptPath(plan));
  return bytes !== null && bytes.length > 0;
}

function stateFact(state: Result<CeremonyState, PerformFailure>): ReadinessFact {
  const failure = state.ok ? null : state.error;
  const words =
    state.ok && state.value.kind === 'ended'
      ? { fr: 'la cérémonie est terminée : rien ne sera fait', en: 'the ceremony has ended: nothing will be done' }
      : { fr: 'la cérémonie a commencé ; `perform` la reprend', en: 'the ceremony has begun; `perform` resumes it' };
  return { about: 'state', words, failure };
}

async function beginningFacts(world: CeremonyWorld, plan: CeremonyPlan): Promise<readonly ReadinessFact[]> {
  const current = { ...circumstances(world), isSigned: false };
  const [version, policy] = softwareFaults(plan, current);
  const [now, from, to] = [current.now, plan.window.notBefore, plan.window.notAfter].map(formatInstant);
  return [
    {
      about: 'window',
      words: {
        fr: `heure de la machine ${now} ; fenêtre du plan : du ${from} au ${to}`,
        en: `time of the machine ${now}; window of the plan: ${from} to ${to}`,
      },
      failure: windowFault(plan, current),
    },
    {
      about: 'version',
      words: { fr: `pfcng, version ${current.softwareVersion}`, en: `pfcng version ${current.softwareVersion}` },
      failure: version,
    },
    {
      about: 'policy',
      words: { fr: `politique ${current.policyDigest}`, en: `policy ${current.policyDigest}` },
      failure: policy,
    },
    ...(await outputFacts(world, plan)),
    ...(await fileFacts(world, plan)),
  ];
}

/**
 * Returns the faults of outputs and memory, with which no ceremony begins; `decideState` has
 * checked window and software before. Missing files and tokens are not among them: people can still
 * bring them when the first screen shows them (`neededFacts`).
 */
export async function beginningFaults(world: CeremonyWorld, plan: CeremonyPlan): Promise<readonly PerformFailure[]> {
  const outputs = (await outputFacts(world, plan)).map(({ failure }) => failure);
  return [...outputs, ...memoryFaults(world, plan)].filter((failure) => failure !== null);
}

/**
 * Checks that none of the new files and tokens of the ceremony exists yet. An existing one would be
 * taken for a result of this ceremony, and a PIN that others know would stay in use.
 */
async function outputFacts({ files, tokens }: CeremonyWorld, plan: CeremonyPlan): Promise<readonly ReadinessFact[]> {
  const outputs = plan.steps.map((step) => outputsOf(step, plan));
  const recordFiles = [planCopyPath(plan), ceremonySignaturePath(plan), ceremonySignatureDraftPath(plan)];
  const paths = [...outputs.flatMap(({ newFiles }) => newFiles), ...recordFiles];
  const uses = outputs.flatMap(({ newTokens }) => newTokens).map((name) => tokenUse(plan, name));
  const existing: string[] = [];
  for (const path of paths) if ((await files.read(path)) !== null) existing.push(path);
  for (const use of uses) if (await tokens.exists(use)) existing.push(use.folder);
  const [fr, en] = [`fichiers à produire : ${paths.length}`, `files to be made: ${paths.length}`];
  const words = { fr: `${fr} ; jetons à créer : ${uses.length}`, en: `${en}; tokens to be made: ${uses.length}` };
  if (existing.length === 0) return [{ about: 'output', words, failure: null }];
  return existing.map((path) => ({ about: 'output', words, failure: { kind: 'output-exists', path } }));
}

/**
 * Checks the tokens and files without which the ceremony does not go on. `done`: the steps that the
 * transcript has recorded; null: the ceremony begins.
 */
export async function neededFacts(
  world: CeremonyWorld,
  plan: CeremonyPlan,
  done: ReadonlySet<CeremonyStep> | null,
): Promise<readonly ReadinessFact[]> {
  return [...(await tokenFacts(world, plan)), ...(await fileFacts(world, plan, done))];
}

/** Checks the files that the steps need and no earlier step makes, each once. */
async function fileFacts(
  world: CeremonyWorld,
  plan: CeremonyPlan,
  done: ReadonlySet<CeremonyStep> | null = null,
): Promise<readonly ReadinessFact[]> {
  const made = new Set<string>();
  const facts = new Map<string, ReadinessFact>();
  // The previous lists are checked only when the ceremony begins: in a resumed ceremony, a step may
  // already have replaced a list.
  for (const { path, failure } of done === null ? await checkPreviousLists({ world, plan }) : [])
    facts.set(path, { about: 'file', words: untranslated(path), failure });
  for (const step of plan.steps) {
    for (const { path, sha256 } of done?.has(step) === true ? [] : needsOf(step, { plan, policy: world.policy }))
      if (!made.has(path) && facts.get(path)?.failure == null)
        facts.set(path, await fileFact(world, { path, sha256: done === null ? sha256 : null }));
    const { listed, newFiles } = outputsOf(step, plan);
    for (const path of [...listed, ...newFiles]) made.add(path);
  }
  return [...facts.values()];
}

async function fileFact({ files }: CeremonyWorld, { path, sha256 }: NeededFile): Promise<ReadinessFact> {
  const content = await files.read(path);
  const words = untranslated(path);
  if (content === null) return { about: 'file', words, failure: { kind: 'missing', what: words } };
  const found = sha256Hex(content);
  if (sha256 === null || sha256 === found)
    return { about: 'file', words: untranslated(`${path} ${found}`), failure: null };
  const detail = {
    fr: `son empreinte est ${found}, celle du plan ${sha256}`,
    en: `its SHA-256 is ${found}, that of the plan ${sha256}`,
  };
  return { about: 'file', words, failure: { kind: 'artefact-wrong', artefact: words, detail } };
}

const NOT_EXPOSED = {
  swap: { fr: "pas de mémoire d'échange (swap)", en: 'no swap' },
  coreDumps: { fr: 'pas de fichier core', en: 'no core dumps' },
  debugging: { fr: "pas d'option de débogage", en: 'no debugging options' },
} as const satisfies Readonly<Record<keyof CeremonyWorld['machine'], Bilingual>>;

const MACHINE_FAULTS = {
  swap: { kind: 'memory-exposed', by: 'swap' },
  coreDumps: { kind: 'memory-exposed', by: 'core-dumps' },
  debugging: { kind: 'memory-exposed', by: 'debugging' },
} as const satisfies Readonly<Record<keyof CeremonyWorld['machine'], PerformFailure>>;

const SWAP_ALLOWED = { fr: "le plan admet la mémoire d'échange (swap)", en: 'the plan allows swap' };

/**
 * Checks that memory cannot be written to a disk or read by a debugger while shares of a PIN are in
 * it. A plan that allows swap allows nothing else, except in development, where the PINs protect
 * nothing and not every machine can switch core dumps off.
 */
function memoryFacts({ machine }: CeremonyWorld, { environment, quorum }: CeremonyPlan): readonly ReadinessFact[] {
  if (quorum.kind !== 'shares') return [];
  const factOf = (way: keyof CeremonyWorld['machine']): ReadinessFact => ({
    about: 'memory',
    words: NOT_EXPOSED[way],
    failure: machine[way] ? MACHINE_FAULTS[way] : null,
  });
  const others = [factOf('coreDumps'), factOf('debugging')];
  if (quorum.swap !== 'allowed') return [factOf('swap'), ...others];
  const allowed: ReadinessFact = { about: 'memory', words: SWAP_ALLOWED, failure: null };
  return environment === 'development' ? [allowed] : [allowed, ...others];
}

/** Returns the faults among the facts about memory. */
export function memoryFaults(world: CeremonyWorld, plan: CeremonyPlan): readonly PerformFailure[] {
  return memoryFacts(world, plan).flatMap(({ failure }) => (failure === null ? [] : [failure]));
}

/** Checks the tokens of earlier ceremonies, and the shares that open them. */
async function tokenFacts(world: CeremonyWorld, plan: CeremonyPlan): Promise<readonly ReadinessFact[]> {
  const made = plan.steps.flatMap((step) => outputsOf(step, plan).newTokens);
  // A step `restore-token` writes the share set of its token, so that set does not have to exist.
  const restored = plan.steps.flatMap((step) => (step.do === 'restore-token' ? [step.token] : []));
  const facts: ReadinessFact[] = [];
  for (const use of plan.tokens) {
    const words = { fr: `jeton ${use.name} (${use.folder})`, en: `token ${use.name} (${use.folder})` };
    // A token that a step makes need not exist. If it does, it was made before an interruption.
    if (made.includes(use.name) && !(await world.tokens.exists(use))) continue;
    const failure = await probeFailure(world, use);
    facts.push({ about: 'token', words, failure });
    if (use.pin.kind === 'quorum' && !restored.includes(use.name)) facts.push(await sharesFact(world, use));
  }
  return facts;
}

async function probeFailure({ tokens }: CeremonyWorld, use: TokenUse): Promise<StepFailure | null> {
  try {
    await tokens.probe(use);
    return null;
  } catch (thrown) {
    if (!(thrown instanceof CeremonyTokenError)) throw thrown;
    return { kind: 'token-trouble', detail: thrown.words };
  }
}

async function sharesFact({ files }: CeremonyWorld, use: TokenUse): Promise<ReadinessFact> {
  const { inForce } = await sharingGenerations(files, use);
  const path = setPath(use, inForce);
  const words = {
    fr: `jeu de parts du jeton ${use.name}, partage ${inForce} : ${path}`,
    en: `share set of token ${use.name}, sharing ${inForce}: ${path}`,
  };
  const isThere = (await files.read(path)) !== null;
  return { about: 'shares', words, failure: isThere ? null : { kind: 'missing', what: untranslated(path) } };
}
