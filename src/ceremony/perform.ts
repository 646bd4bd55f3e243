/**
 * Performs a ceremony: one step after the other. Each step is recorded after its result was read
 * back. After a crash at any moment the ceremony is resumed with the same plan: results are written
 * completely or not at all (the ports guarantee it), and a step whose result exists is checked and
 * not repeated; only a key that is not recorded yet is generated again. A failure stops the
 * ceremony, and is recorded unless the transcript has no line yet.
 */
import { present } from '../kernel/assert.js';
import { type Bilingual, untranslated } from '../kernel/bilingual.js';
import { utf8 } from '../kernel/bytes.js';
import { formatInstant, type Instant, parseInstant } from '../kernel/clock.js';
import { sha256Hex } from '../kernel/digest.js';
import { err, ok, type Result } from '../kernel/result.js';
import { type CeremonyFailure, describeFailure, type StepFailure } from './failures.js';
import type { CeremonyPlan, CeremonyStep } from './plan/model.js';
import { planCopyPath, transcriptPath } from './plan/paths.js';
import { beginningFaults, memoryFaults, readState } from './readiness.js';
import { closingScreen } from './sitting/closing-screen.js';
import { showFirstScreen } from './sitting/first-screen.js';
import { callRoll } from './sitting/roll-call.js';
import { openSitting, type Sitting } from './sitting/sitting.js';
import { artefactOf, describeStep, findOutcome, makeOutcome, newKeyOf, readsOnly } from './steps/all.js';
import type { StepContext } from './steps/kind.js';
import { type CeremonyState, decideStep, recordOf } from './transcript/ceremony-state.js';
import { signTranscript } from './transcript/signatures.js';
import {
  artefactsOf,
  type Entry,
  type EntryDraft,
  entryAfter,
  entryLine,
  type Facts,
  isStop,
} from './transcript/transcript.js';
import { CeremonyTokenError, type CeremonyWorld, StepStopped } from './world.js';

export type CeremonyResult = {
  /** Hash of the transcript's last line, which the people present read aloud and write down. */
  readonly head: string;
  readonly entries: readonly Entry[];
};

/**
 * Performs the ceremony, or resumes it where its transcript ends. The failure of a step is recorded
 * in the transcript and returned. Throws only for bugs and errors of the file system.
 */
export async function performCeremony(
  world: CeremonyWorld,
  plan: CeremonyPlan,
): Promise<Result<CeremonyResult, CeremonyFailure>> {
  const state = await readState(world, plan);
  if (!state.ok) return state;
  if (state.value.kind === 'ended') {
    const { entries } = state.value;
    const { hash, at } = present(entries.at(-1), 'the line of the end');
    world.terminal.show([alreadyPerformed(at), ...closingScreen(world, plan, hash)]);
    return ok({ head: hash, entries });
  }
  const transcript = openTranscript(world, plan, state.value);
  const { context, sitting } = openSitting({
    world: { ...world, clock: transcript.clock },
    plan,
    append: transcript.append,
    entries: transcript.entries,
  });
  const outcome = await catchTokenError(() => performAndSign({ context, sitting, transcript }, state.value));
  context.quorum.wipe();
  if (!outcome.ok) {
    // A failure is recorded only if the transcript has a line already. Without one, the ceremony
    // has not begun and nothing was changed.
    if (transcript.entries().length > 0) {
      const { step, failure } = outcome.error;
      await transcript.append({ step, action: stopAction(failure), result: stopFacts(failure) });
      world.terminal.show([headNotice(transcript.entries())]);
    }
    return err(outcome.error.failure);
  }
  const entries = transcript.entries();
  const { hash } = present(entries.at(-1), 'the line of the end');
  world.terminal.show(closingScreen(world, plan, hash));
  return ok({ head: hash, entries });
}

function alreadyPerformed(at: string): Bilingual {
  return { fr: `déjà tenue le ${at} ; rien n'a été fait`, en: `already performed on ${at}; nothing was done` };
}

async function performAndSign(running: RunningCeremony, state: CeremonyState): Promise<Result<void, StopReason>> {
  const done = await performSteps(running, state);
  if (!done.ok) return done;
  const signed = await signTranscript(running.context, running.transcript.entries());
  return signed.ok ? signed : err({ step: 0, failure: signed.error });
}

/**
 * Returns the notice with the hash of the last line of the transcript. People write it down when a
 * ceremony stops, and compare it when the ceremony resumes. Otherwise nobody would notice that
 * lines were removed from the end of the transcript meanwhile.
 */
function headNotice(entries: readonly Entry[]): Bilingual {
  const last = present(entries.at(-1), 'a line');
  return {
    fr: `à noter, et à comparer à la reprise : transcription jusqu'à la ligne ${last.seq}, ${last.hash}`,
    en: `to be noted, and compared on resumption: transcript up to line ${last.seq}, ${last.hash}`,
  };
}

type StopReason = { readonly step: number; readonly failure: CeremonyFailure };
type Transcript = ReturnType<typeof openTranscript>;

function openTranscript(world: CeremonyWorld, plan: CeremonyPlan, state: CeremonyState) {
  const path = transcriptPath(plan);
  const entries: Entry[] = state.kind === 'begun' ? [...state.entries] : [];
  // Throws `StepStopped` if the clock is behind the last line, because a transcript whose times go
  // back cannot be verified.
  const clock = (): Instant => {
    const [now, last] = [world.clock(), entries.at(-1)];
    if (last !== undefined && formatInstant(now) < last.at)
      throw new StepStopped({ kind: 'clock-behind', now, transcriptAt: last.at });
    return now;
  };
  return {
    entries: (): readonly Entry[] => entries,
    clock,
    /**
     * Appends a line; it is on disk when the promise resolves. If the clock was set back, the line
     * that says why the ceremony stopped gets the time of the previous line.
     */
    async append(draft: Omit<EntryDraft, 'at'>): Promise<void> {
      const last = entries.at(-1) ?? null;
      const at =
        last !== null && isStop(draft)
          ? Math.max(world.clock(), present(parseInstant(last.at), 'the time of a line'))
          : clock();
      const entry = entryAfter(last, { ...draft, at });
      await world.files.append(path, utf8(entryLine(entry)));
      entries.push(entry);
    },
    /** Removes the bytes of an incomplete last line. */
    async removeTornLine(): Promise<void> {
      const length = entries.reduce((sum, entry) => sum + utf8(entryLine(entry)).length, 0);
      await world.files.truncate(path, length);
    },
  };
}

type RunningCeremony = { readonly context: StepContext; readonly sitting: Sitting; readonly transcript: Transcript };

async function performSteps(running: RunningCeremony, state: CeremonyState): Promise<Result<void, StopReason>> {
  const { context, sitting, transcript } = running;
  const { world, plan } = context;
  const report = (kind: 'begins' | 'resumes' | 'ends') =>
    world.progress({ ceremony: plan.id, kind, step: 0, of: plan.steps.length, ...plan.title });
  const begun = await beginOrResume(running, state);
  if (!begun.ok) return err({ step: 0, failure: begun.error });
  report(state.kind === 'fresh' ? 'begins' : 'resumes');
  const copied = await copyPlan(context);
  if (!copied.ok) return err({ step: 0, failure: copied.error });
  // A transcript with an `end` line that is resumed lacks only its signature: every step was done,
  // and keys may have been destroyed, so no step is repeated. The token of the transcript key is
  // opened before the next `end` line, because its opening is recorded, and `end` must be the last
  // line of the transcript when it is signed.
  const hasEnded = transcript.entries().some(({ action }) => action === 'end');
  if (hasEnded && plan.transcriptKey !== undefined) await context.token(plan.transcriptKey.token);
  for (const [at, step] of hasEnded ? [] : plan.steps.entries()) {
    sitting.beginStep(at + 1);
    const done = await catchTokenError(() => performStep(context, transcript, { step, number: at + 1 }));
    if (!done.ok) return err({ ...done.error, step: at + 1 });
  }
  await transcript.append({ step: 0, action: 'end', result: { artefacts: artefactsOf(transcript.entries(), plan) } });
  report('ends');
  return ok(undefined);
}

/**
 * Checks that the ceremony may begin or continue, shows the first screen and calls the roll. A new
 * ceremony writes its first line after the required people have answered. A resumed one first
 * writes the line `resume`, so that every attempt is recorded.
 */
async function beginOrResume(
  { context, sitting, transcript }: RunningCeremony,
  state: CeremonyState,
): Promise<Result<void, CeremonyFailure>> {
  const { world, plan } = context;
  if (state.kind === 'fresh') {
    const [fault] = await beginningFaults(world, plan);
    if (fault !== undefined) return err(fault);
  } else if (state.kind === 'begun') {
    world.terminal.show([headNotice(state.entries)]);
    if (state.tornBytes > 0) await transcript.removeTornLine();
    await transcript.append({ step: 0, action: 'resume', result: { tornBytes: state.tornBytes } });
    const [fault] = memoryFaults(world, plan);
    if (fault !== undefined) return err(fault);
  }
  const recorded = state.kind === 'fresh' ? null : recordedSteps(plan, transcript.entries());
  const firstScreen = await showFirstScreen(context, recorded);
  if (!firstScreen.ok) return firstScreen;
  const present = await callRoll(world.terminal, plan);
  if (!present.ok) return present;
  if (state.kind === 'fresh') {
    if (state.tornBytes > 0) await transcript.removeTornLine();
    await transcript.append({ step: 0, action: 'begin', result: beginning(world, plan) });
  }
  const people = present.value.map(({ role, name, organisation }) => ({ role, name, organisation }));
  await transcript.append({ step: 0, action: 'roll-call', result: { people } });
  sitting.setPresent(present.value);
  return ok(undefined);
}

function recordedSteps({ steps }: CeremonyPlan, entries: readonly Entry[]): ReadonlySet<CeremonyStep> {
  const hasEnded = entries.some(({ action }) => action === 'end');
  return new Set(steps.filter((_, at) => hasEnded || recordOf(entries, at + 1) !== null));
}

/**
 * Turns the failure of a token, or the failure in a `StepStopped`, into a result. Anything else
 * that is thrown is a bug or an error of the file system, and is thrown again.
 */
async function catchTokenError(act: () => Promise<Result<void, StopReason>>): Promise<Result<void, StopReason>> {
  try {
    return await act();
  } catch (thrown) {
    if (thrown instanceof StepStopped) return err({ step: 0, failure: thrown.failure });
    if (!(thrown instanceof CeremonyTokenError)) throw thrown;
    return err({ step: 0, failure: { kind: 'token-trouble', detail: thrown.words } });
  }
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
    return err({ kind: 'artefact-altered', artefact: untranslated(path), detail: ANOTHER_PLAN });
  return ok(undefined);
}

const MADE_BUT_GONE = { fr: 'produit, mais introuvable', en: 'made, but not found' };

async function performStep(
  context: StepContext,
  transcript: Transcript,
  { step, number }: { readonly step: CeremonyStep; readonly number: number },
): Promise<Result<void, StopReason>> {
  const { world, plan } = context;
  const stopped = (failure: CeremonyFailure) => err({ step: number, failure });
  const report = (kind: 'starts' | 'made' | 'found' | 'skipped') =>
    world.progress({ ceremony: plan.id, kind, step: number, of: plan.steps.length, ...describeStep(step) });
  const recorded = recordOf(transcript.entries(), number);
  if (recorded !== null && (await isDestroyedSince(context, { step, number }))) {
    report('skipped');
    return ok(undefined);
  }
  const newKey = recorded === null ? newKeyOf(step) : null;
  const newKeyRecord = newKey === null ? ok(undefined) : await recordKeyIsNew(context, transcript, { newKey, number });
  if (!newKeyRecord.ok) return stopped(newKeyRecord.error);
  const found = newKey !== null ? ok(null) : await findOutcome(context, step);
  if (!found.ok) return stopped(found.error);
  const decision = decideStep(artefactOf(step), recorded, found.value);
  if (!decision.ok) return stopped(decision.error);
  if (decision.value.kind === 'skip') {
    report('skipped');
    return ok(undefined);
  }
  if (decision.value.kind === 'record') {
    await transcript.append({ step: number, action: step.do, result: { outcome: 'found', ...decision.value.facts } });
    report(readsOnly(step) ? 'starts' : 'found');
    return ok(undefined);
  }
  report('starts');
  const made = await makeOutcome(context, step);
  if (!made.ok) return stopped(made.error);
  const read = await findOutcome(context, step);
  if (!read.ok) return stopped(read.error);
  if (read.value === null)
    return stopped({ kind: 'artefact-wrong', artefact: artefactOf(step), detail: MADE_BUT_GONE });
  await transcript.append({ step: number, action: step.do, result: { outcome: 'made', ...read.value } });
  report('made');
  return ok(undefined);
}

/**
 * Whether a later `destroy-key` step has begun to destroy the key that this recorded step made or
 * read. Such a key can no longer be read and compared, so the step is skipped; otherwise the
 * ceremony could not be resumed.
 */
async function isDestroyedSince(
  { world, plan }: StepContext,
  { step, number }: { readonly step: CeremonyStep; readonly number: number },
): Promise<boolean> {
  if (!('token' in step && 'key' in step)) return false;
  for (const later of plan.steps.slice(number))
    if (later.do === 'destroy-key' && later.token === step.token && later.key === step.key)
      return (await world.files.read(later.output)) !== null;
  return false;
}

/**
 * Records that the token has no key with this label, in front of the people present, before the key
 * is generated. A key that is there already is refused and never destroyed, because nobody saw
 * where it came from. If the ceremony is interrupted after this line, an existing key is from the
 * interrupted attempt: the resumed ceremony generates it again.
 */
async function recordKeyIsNew(
  context: StepContext,
  transcript: Transcript,
  { newKey, number }: { readonly newKey: { readonly token: string; readonly key: string }; readonly number: number },
): Promise<Result<void, CeremonyFailure>> {
  const isRecorded = transcript.entries().some((entry) => entry.step === number && entry.action === 'make-key');
  if (isRecorded) return ok(undefined);
  const { token, key } = newKey;
  if (await (await context.token(token)).isTaken(key)) return err({ kind: 'output-exists', path: `${token}/${key}` });
  await transcript.append({ step: number, action: 'make-key', result: { token, key } });
  return ok(undefined);
}

/**
 * Returns the action of the line that records the failure: `refuse` if people typed the word of
 * refusal and confirmed it, otherwise `stop`.
 */
function stopAction({ kind }: CeremonyFailure): 'refuse' | 'stop' {
  return kind === 'refused' ? 'refuse' : 'stop';
}

function stopFacts(failure: CeremonyFailure): Facts {
  return { kind: failure.kind, detail: describeFailure(failure) };
}
