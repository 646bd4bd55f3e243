/**
 * Decides, without reading or writing anything, whether a ceremony may begin or continue, and what
 * to do with each step.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { canonicalJson } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { PerformFailure, StepFailure } from '../failures.js';
import type { CeremonyPlan } from '../plan/model.js';
import type { Facts } from './transcript.js';
import { type Entry, isStepEvent, isStop, readEntries, splitLines } from './transcript.js';

/** What the decisions compare with the plan and the transcript. */
export type CeremonyCircumstances = {
  readonly now: Instant;
  readonly softwareVersion: string;
  readonly policyDigest: string;
  /** Whether the transcript is signed, or its plan requires no signature. */
  readonly isSigned: boolean;
};

/**
 * The state of a ceremony according to its transcript. `fresh`: it has no complete line. `begun`:
 * it can be resumed. `ended`: nothing is left to do. `tornBytes` is the length of an incomplete
 * last line.
 */
export type CeremonyState =
  | { readonly kind: 'fresh'; readonly tornBytes: number }
  | { readonly kind: 'begun'; readonly entries: readonly Entry[]; readonly tornBytes: number }
  | { readonly kind: 'ended'; readonly entries: readonly Entry[] };

/**
 * Decides on the state of the ceremony. `transcript` is the text of the file; `null`: there is no
 * file. The error says why the ceremony can neither begin nor be resumed.
 */
export function decideState(
  transcript: string | null,
  plan: CeremonyPlan,
  current: CeremonyCircumstances,
): Result<CeremonyState, PerformFailure> {
  const { lines, torn } = splitLines(transcript ?? '');
  const tornBytes = Buffer.byteLength(torn);
  const read = readEntries(lines);
  if (!read.ok) return err({ kind: 'transcript-altered', fault: read.error });
  const [begin] = read.value;
  if (begin === undefined) {
    const fault = [windowFault(plan, current), ...softwareFaults(plan, current)].find((one) => one !== null);
    return fault === undefined ? ok({ kind: 'fresh', tornBytes }) : err(fault);
  }
  const { planSha256 } = begin.result;
  if (planSha256 !== plan.digest)
    return err({ kind: 'another-ceremony', id: plan.id, recorded: `${planSha256}`, given: plan.digest });
  const last = read.value.at(-1) ?? begin;
  // A ceremony that has ended is not checked against the software that is installed now.
  if (last.action === 'end' && torn === '' && current.isSigned) return ok({ kind: 'ended', entries: read.value });
  const resumable = decideResuming(begin, current);
  if (!resumable.ok) return resumable;
  if (formatInstant(current.now) < last.at)
    return err({ kind: 'clock-behind', now: current.now, transcriptAt: last.at });
  return ok({ kind: 'begun', entries: read.value, tornBytes });
}

const VERSION: Bilingual = { fr: 'version', en: 'version' };
const POLICY: Bilingual = { fr: 'empreinte de la politique', en: 'policy digest' };

/** Checks the time against the window of the plan. null: the ceremony may begin now. */
export function windowFault({ window }: CeremonyPlan, { now }: CeremonyCircumstances): PerformFailure | null {
  const isOpen = now >= window.notBefore && now <= window.notAfter;
  return isOpen ? null : { kind: 'outside-window', now, ...window };
}

/**
 * Compares the software and the policy with those of the plan. null: there is no difference, or the
 * plan allows any.
 */
export function softwareFaults(
  { software }: CeremonyPlan,
  current: CeremonyCircumstances,
): readonly [version: PerformFailure | null, policy: PerformFailure | null] {
  const differing = (what: Bilingual, planned: string, found: string) =>
    planned === '*' || planned === found ? null : ({ kind: 'software-differs', what, planned, found } as const);
  return [
    differing(VERSION, software.version, current.softwareVersion),
    differing(POLICY, software.policyDigest, current.policyDigest),
  ];
}

/**
 * Checks the policy and the software: a ceremony can be resumed only with those with which it
 * began.
 */
function decideResuming({ result }: Entry, current: CeremonyCircumstances): Result<void, PerformFailure> {
  const { policyDigest, software } = result;
  if (policyDigest !== current.policyDigest)
    return err({ kind: 'software-differs', what: POLICY, planned: `${policyDigest}`, found: current.policyDigest });
  const version = typeof software === 'object' && software && 'version' in software ? software.version : null;
  if (version !== current.softwareVersion)
    return err({ kind: 'software-differs', what: VERSION, planned: `${version}`, found: current.softwareVersion });
  return ok(undefined);
}

type StepDecision =
  | { readonly kind: 'make' }
  /**
   * The result exists and is not recorded yet: the step only reads it, or the ceremony was
   * interrupted after making it.
   */
  | { readonly kind: 'record'; readonly facts: Facts }
  | { readonly kind: 'skip' };

/**
 * Decides what to do with a step. `recorded` is its entry in the transcript and `found` are the
 * facts of its result; each is `null` when there is none.
 */
export function decideStep(
  artefact: Bilingual,
  recorded: Entry | null,
  found: Facts | null,
): Result<StepDecision, StepFailure> {
  if (recorded === null) return ok(found === null ? { kind: 'make' } : { kind: 'record', facts: found });
  if (found === null)
    return err({ kind: 'artefact-altered', artefact, detail: { fr: "il n'existe plus", en: 'it no longer exists' } });
  const { outcome: _, ...facts } = recorded.result;
  const differing = Object.keys({ ...facts, ...found }).filter(
    (key) => canonicalJson(facts[key] ?? null) !== canonicalJson(found[key] ?? null),
  );
  if (differing.length === 0) return ok({ kind: 'skip' });
  const members = differing.join(', ');
  return err({
    kind: 'artefact-altered',
    artefact,
    detail: { fr: `ces membres diffèrent : ${members}`, en: `these members differ: ${members}` },
  });
}

/** Returns the entry that records the outcome of a step. `null`: there is none. */
export function recordOf(entries: readonly Entry[], step: number): Entry | null {
  return entries.find((entry) => entry.step === step && !isStop(entry) && !isStepEvent(entry.action)) ?? null;
}
