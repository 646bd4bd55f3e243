/**
 * Performs a ceremony: step after step, each recorded when its outcome was read back. Killed at any moment it is resumed
 * with the same plan: outcomes are whole or not there (the ports promise it), and a step whose outcome is there already is
 * checked and not done twice. A failure is recorded and stops the ceremony.
 */
import { present } from '../kernel/assert.js';
import { utf8 } from '../kernel/bytes.js';
import { formatInstant, type Instant, parseInstant } from '../kernel/clock.js';
import { sha256Hex } from '../kernel/digest.js';
import { err, ok, type Result } from '../kernel/result.js';
import { type Bilingual, both, same } from './bilingual.js';
import { type CeremonyFailure, describeFailure, type StepFailure } from './failures.js';
import { type CeremonyPlan, type CeremonyStep, tokenUse } from './plan/model.js';
import { ceremonySignatureDraftPath, ceremonySignaturePath, planCopyPath, transcriptPath } from './plan/paths.js';
import { callRoll } from './sitting/roll-call.js';
import { openSitting, type Sitting } from './sitting/sitting.js';
import { artefactOf, describeStep, findOutcome, makeOutcome, newKeyOf, outputsOf, readsOnly } from './steps/all.js';
import type { StepContext } from './steps/kind.js';
import { previousListsFit } from './steps/shared/previous-list.js';
import { signTranscript } from './transcript/ceremony-signature.js';
import { type CeremonyStanding, decideStanding, decideStep, recordOf } from './transcript/standing.js';
import { artefactsOf } from './transcript/summary.js';
import { type Entry, type EntryDraft, entryAfter, entryLine, type Facts } from './transcript/transcript.js';
import { type CeremonyWorld, StepStopped, TokenTrouble } from './world.js';

export type CeremonyPerformed = {
  /** Of the transcript's last line: what those present read out and write down. */
  readonly head: string;
  readonly entries: readonly Entry[];
  /** Whether there was nothing left to do. */
  readonly before: boolean;
};

export async function performCeremony(
  world: CeremonyWorld,
  plan: CeremonyPlan,
): Promise<Result<CeremonyPerformed, CeremonyFailure>> {
  const standing = await readStanding(world, plan);
  if (!standing.ok) return standing;
  if (standing.value.kind === 'ended') {
    const { entries } = standing.value;
    return ok({ head: entries.at(-1)?.hash ?? '', entries, before: true });
  }
  const transcript = openTranscript(world, plan, standing.value);
  const { context, sitting } = openSitting({
    world: { ...world, clock: transcript.clock },
    plan,
    append: transcript.append,
    entries: transcript.entries,
  });
  const outcome = await guarded(() => toTheEnd({ context, sitting, transcript }, standing.value));
  context.quorum.wipe();
  if (!outcome.ok) {
    // Nothing was touched before the first line: a refusal to begin leaves nothing behind.
    if (transcript.entries().length > 0) {
      await transcript.append({ step: outcome.error.step, action: 'refuse', result: refusal(outcome.error.failure) });
      world.terminal.show([both(upTo(transcript.entries()))]);
    }
    return err(outcome.error.failure);
  }
  const entries = transcript.entries();
  return ok({ head: entries.at(-1)?.hash ?? '', entries, before: false });
}

async function toTheEnd(going: Going, standing: CeremonyStanding): Promise<Result<void, Stopped>> {
  const done = await goOn(going, standing);
  if (!done.ok) return done;
  const signed = await signTranscript(going.context, going.transcript.entries());
  return signed.ok ? signed : err({ step: 0, failure: signed.error });
}

async function isSigned({ files }: CeremonyWorld, plan: CeremonyPlan): Promise<boolean> {
  return plan.transcriptKey === undefined || (await files.read(ceremonySignaturePath(plan))) !== null;
}

async function readStanding(
  world: CeremonyWorld,
  plan: CeremonyPlan,
): Promise<Result<CeremonyStanding, CeremonyFailure>> {
  const bytes = await world.files.read(transcriptPath(plan));
  const text = bytes === null ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return decideStanding(text, plan, {
    now: world.clock(),
    softwareVersion: world.software.version,
    policyDigest: world.policy.digest,
    isSigned: await isSigned(world, plan),
  });
}

/** Noted when a ceremony stops and compared when it goes on: lines that somebody took from the end meanwhile leave no other trace. */
function upTo(entries: readonly Entry[]): Bilingual {
  const last = present(entries.at(-1), 'a line');
  return {
    fr: `à noter, et à comparer à la reprise : transcription jusqu'à la ligne ${last.seq}, ${last.hash}`,
    en: `to be noted, and compared on resumption: transcript up to line ${last.seq}, ${last.hash}`,
  };
}

type Stopped = { readonly step: number; readonly failure: CeremonyFailure };
type Transcript = ReturnType<typeof openTranscript>;

function openTranscript(world: CeremonyWorld, plan: CeremonyPlan, standing: CeremonyStanding) {
  const path = transcriptPath(plan);
  const entries: Entry[] = standing.kind === 'begun' ? [...standing.entries] : [];
  // Nothing is dated, and no line written, before the line that is there: nobody could verify it.
  const clock = (): Instant => {
    const [now, last] = [world.clock(), entries.at(-1)];
    if (last !== undefined && formatInstant(now) < last.at)
      throw new StepStopped({ kind: 'clock-behind', now, transcriptAt: last.at });
    return now;
  };
  return {
    entries: (): readonly Entry[] => entries,
    clock,
    /** On disk when it resolves. The refusal of a clock that was set back has the time of the line before it. */
    async append(draft: Omit<EntryDraft, 'at'>): Promise<void> {
      const last = entries.at(-1) ?? null;
      const isRefusal = last !== null && draft.action === 'refuse';
      const at = isRefusal ? Math.max(world.clock(), present(parseInstant(last.at), 'the time of a line')) : clock();
      const entry = entryAfter(last, { ...draft, at });
      await world.files.append(path, utf8(entryLine(entry)));
      entries.push(entry);
    },
    /** Takes away the octets of a last line that was cut off. */
    async mend(): Promise<void> {
      const length = entries.reduce((sum, entry) => sum + utf8(entryLine(entry)).length, 0);
      await world.files.truncate(path, length);
    },
  };
}

type Going = { readonly context: StepContext; readonly sitting: Sitting; readonly transcript: Transcript };

async function goOn(going: Going, standing: CeremonyStanding): Promise<Result<void, Stopped>> {
  const { context, sitting, transcript } = going;
  const { world, plan } = context;
  const tell = (kind: 'begins' | 'resumes' | 'ends') =>
    world.progress({ ceremony: plan.id, kind, step: 0, of: plan.steps.length, ...plan.title });
  const gathered = await gather(going, standing);
  if (!gathered.ok) return err({ step: 0, failure: gathered.error });
  tell(standing.kind === 'fresh' ? 'begins' : 'resumes');
  const copied = await copyPlan(context);
  if (!copied.ok) return err({ step: 0, failure: copied.error });
  // Only the signature is missing: every step was done, and the key of one may be gone. Whoever opens its token once more is told of.
  const isThrough = transcript.entries().some(({ action }) => action === 'end');
  if (isThrough && plan.transcriptKey !== undefined) await context.token(plan.transcriptKey.token);
  for (const [at, step] of isThrough ? [] : plan.steps.entries()) {
    sitting.beginStep(at + 1);
    const done = await guarded(() => performStep(context, transcript, { step, number: at + 1 }));
    if (!done.ok) return err({ ...done.error, step: at + 1 });
  }
  await transcript.append({ step: 0, action: 'end', result: { artefacts: artefactsOf(transcript.entries(), plan) } });
  tell('ends');
  return ok(undefined);
}

/** Nothing is touched, and no line written, before those who must be there are. */
async function gather(
  { context, sitting, transcript }: Going,
  standing: CeremonyStanding,
): Promise<Result<void, CeremonyFailure>> {
  const { world, plan } = context;
  if (standing.kind === 'fresh') {
    const free = await outputsFree(context);
    if (!free.ok) return free;
    const followed = await previousListsFit(context);
    if (!followed.ok) return followed;
    const safe = memoryIsSafe(world, plan);
    if (!safe.ok) return safe;
  } else if (standing.kind === 'begun') {
    world.terminal.show([both(upTo(standing.entries))]);
    if (standing.tornBytes > 0) await transcript.mend();
    await transcript.append({ step: 0, action: 'resume', result: { tornBytes: standing.tornBytes } });
    const safe = memoryIsSafe(world, plan);
    if (!safe.ok) return safe;
  }
  const present = await callRoll(world.terminal, plan);
  if (!present.ok) return present;
  if (standing.kind === 'fresh') {
    if (standing.tornBytes > 0) await transcript.mend();
    await transcript.append({ step: 0, action: 'begin', result: beginning(world, plan) });
  }
  const people = present.value.map(({ role, name, organisation }) => ({ role, name, organisation }));
  await transcript.append({ step: 0, action: 'roll-call', result: { people } });
  sitting.setPresent(present.value);
  return ok(undefined);
}

/** Where secrets of a quorum pass through memory, the plan says whether they may come to lie on a disk. */
function memoryIsSafe({ machine }: CeremonyWorld, { quorum }: CeremonyPlan): Result<void, CeremonyFailure> {
  if (quorum.kind !== 'shares' || quorum.swap === 'allowed') return ok(undefined);
  if (machine.swap) return err({ kind: 'memory-exposed', by: 'swap' });
  if (machine.coreDumps) return err({ kind: 'memory-exposed', by: 'core-dumps' });
  return machine.debugging ? err({ kind: 'memory-exposed', by: 'debugging' }) : ok(undefined);
}

/** Turns a token that would not into a failure; what else is thrown is a bug or a full disk, and stays thrown. */
async function guarded(act: () => Promise<Result<void, Stopped>>): Promise<Result<void, Stopped>> {
  try {
    return await act();
  } catch (thrown) {
    if (thrown instanceof StepStopped) return err({ step: 0, failure: thrown.failure });
    if (!(thrown instanceof TokenTrouble)) throw thrown;
    return err({ step: 0, failure: { kind: 'token-trouble', detail: thrown.words } });
  }
}

/**
 * Nothing that the ceremony is to make exists when it begins: it would be taken for an outcome of this ceremony, and a
 * PIN that others know would stay in use.
 */
async function outputsFree({ world, plan }: StepContext): Promise<Result<void, CeremonyFailure>> {
  const outputs = plan.steps.map((step) => outputsOf(step, plan));
  const own = [planCopyPath(plan), ceremonySignaturePath(plan), ceremonySignatureDraftPath(plan)];
  for (const path of [...outputs.flatMap(({ newFiles }) => newFiles), ...own]) {
    if ((await world.files.read(path)) !== null) return err({ kind: 'output-exists', path });
  }
  for (const name of outputs.flatMap(({ newTokens }) => newTokens)) {
    const use = tokenUse(plan, name);
    if (await world.tokens.exists(use)) return err({ kind: 'output-exists', path: use.folder });
  }
  return ok(undefined);
}

function beginning({ policy, software, machine, isRehearsal }: CeremonyWorld, plan: CeremonyPlan): Facts {
  return {
    ...(isRehearsal === true ? { rehearsal: true } : {}),
    ceremony: plan.id,
    planSha256: plan.digest,
    hierarchy: plan.hierarchy,
    environment: plan.environment,
    policyDigest: policy.digest,
    software: { name: 'pfcng', version: software.version, ...software.details },
    people: plan.people.map(({ role, name, organisation }) => ({ role, name, organisation })),
    machine: { swap: machine.swap, coreDumps: machine.coreDumps, debugging: machine.debugging },
    quorum: quorumOf(plan),
  };
}

function quorumOf({ quorum }: CeremonyPlan): Facts {
  const { kind } = quorum;
  return kind === 'none' ? { kind } : { kind, shares: quorum.shares, threshold: quorum.threshold };
}

const ANOTHER_PLAN = {
  fr: "ce n'est pas le plan avec lequel elle a commencé",
  en: 'not the plan that it was begun with',
};

async function copyPlan({ world, plan }: StepContext): Promise<Result<void, StepFailure>> {
  const path = planCopyPath(plan);
  const there = await world.files.read(path);
  if (there === null) await world.files.create(path, plan.text);
  else if (sha256Hex(there) !== plan.digest)
    return err({ kind: 'artefact-altered', artefact: same(path), detail: ANOTHER_PLAN });
  return ok(undefined);
}

const MADE_BUT_GONE = { fr: "produit, mais il n'est pas là", en: 'made, but not there' };

async function performStep(
  context: StepContext,
  transcript: Transcript,
  { step, number }: { readonly step: CeremonyStep; readonly number: number },
): Promise<Result<void, Stopped>> {
  const { world, plan } = context;
  const stopped = (failure: CeremonyFailure) => err({ step: number, failure });
  const tell = (kind: 'starts' | 'made' | 'found' | 'skipped') =>
    world.progress({ ceremony: plan.id, kind, step: number, of: plan.steps.length, ...describeStep(step) });
  const recorded = recordOf(transcript.entries(), number);
  const newKey = recorded === null ? newKeyOf(step) : null;
  const free = newKey === null ? ok(undefined) : await markKey(context, transcript, { newKey, number });
  if (!free.ok) return stopped(free.error);
  const found = newKey !== null ? ok(null) : await findOutcome(context, step);
  if (!found.ok) return stopped(found.error);
  const decision = decideStep(artefactOf(step), recorded, found.value);
  if (!decision.ok) return stopped(decision.error);
  if (decision.value.kind === 'skip') {
    tell('skipped');
    return ok(undefined);
  }
  if (decision.value.kind === 'record') {
    await transcript.append({ step: number, action: step.do, result: { outcome: 'found', ...decision.value.facts } });
    tell(readsOnly(step) ? 'starts' : 'found');
    return ok(undefined);
  }
  tell('starts');
  const made = await makeOutcome(context, step);
  if (!made.ok) return stopped(made.error);
  const read = await findOutcome(context, step);
  if (!read.ok) return stopped(read.error);
  if (read.value === null)
    return stopped({ kind: 'artefact-wrong', artefact: artefactOf(step), detail: MADE_BUT_GONE });
  await transcript.append({ step: number, action: step.do, result: { outcome: 'made', ...read.value } });
  tell('made');
  return ok(undefined);
}

/**
 * A key is made in the sitting that records it, in front of those who are there. One that is on the token before nobody has seen come: it
 * is refused, also when the ceremony goes on, and never destroyed. After the mark what is there of it is this ceremony's, and made again.
 */
async function markKey(
  context: StepContext,
  transcript: Transcript,
  { newKey, number }: { readonly newKey: { readonly token: string; readonly key: string }; readonly number: number },
): Promise<Result<void, CeremonyFailure>> {
  const isMarked = transcript.entries().some((entry) => entry.step === number && entry.action === 'make-key');
  if (isMarked) return ok(undefined);
  const { token, key } = newKey;
  if (await (await context.token(token)).isTaken(key)) return err({ kind: 'output-exists', path: `${token}/${key}` });
  await transcript.append({ step: number, action: 'make-key', result: { token, key } });
  return ok(undefined);
}

function refusal(failure: CeremonyFailure): Facts {
  return { kind: failure.kind, detail: describeFailure(failure) };
}
