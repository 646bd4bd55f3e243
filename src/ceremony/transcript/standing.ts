/** The decisions of a ceremony, without doing anything: whether it may begin or go on, and what becomes of each step. */
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { canonicalJson } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Bilingual } from '../bilingual.js';
import type { CeremonyFailure, StepFailure } from '../failures.js';
import type { CeremonyPlan } from '../plan/model.js';
import type { Facts } from './transcript.js';
import { type Entry, isAside, readEntries, splitLines } from './transcript.js';

export type Here = {
  readonly now: Instant;
  readonly softwareVersion: string;
  readonly policyDigest: string;
  /** Whether its transcript was signed, if the plan has a key for that. */
  readonly isSealed: boolean;
};

/** Where a ceremony stands, from its transcript. `tornOctets`: of a last line that was cut off. */
export type Standing =
  | { readonly kind: 'fresh'; readonly tornOctets: number }
  | { readonly kind: 'begun'; readonly entries: readonly Entry[]; readonly tornOctets: number }
  | { readonly kind: 'ended'; readonly entries: readonly Entry[] };

/** `transcript`: text of the file, null where there is none. */
export function decideStanding(
  transcript: string | null,
  plan: CeremonyPlan,
  here: Here,
): Result<Standing, CeremonyFailure> {
  const { lines, torn } = splitLines(transcript ?? '');
  const tornOctets = Buffer.byteLength(torn);
  const read = readEntries(lines);
  if (!read.ok) return err({ kind: 'transcript-altered', fault: read.error });
  const [begin] = read.value;
  if (begin === undefined) {
    const allowed = decideBeginning(plan, here);
    return allowed.ok ? ok({ kind: 'fresh', tornOctets }) : allowed;
  }
  const { planSha256 } = begin.result;
  if (planSha256 !== plan.digest)
    return err({ kind: 'another-ceremony', id: plan.id, recorded: `${planSha256}`, given: plan.digest });
  const last = read.value.at(-1) ?? begin;
  // Whatever is installed since: what was held stays held.
  if (last.action === 'end' && torn === '' && here.isSealed) return ok({ kind: 'ended', entries: read.value });
  const resumable = decideResuming(begin, here);
  if (!resumable.ok) return resumable;
  if (formatInstant(here.now) < last.at) return err({ kind: 'clock-behind', now: here.now, transcriptAt: last.at });
  return ok({ kind: 'begun', entries: read.value, tornOctets });
}

const VERSION: Bilingual = { fr: 'version', en: 'version' };
const POLICY: Bilingual = { fr: 'empreinte de la politique', en: 'policy digest' };

function decideBeginning({ window, software }: CeremonyPlan, here: Here): Result<void, CeremonyFailure> {
  if (here.now < window.notBefore || here.now > window.notAfter)
    return err({ kind: 'outside-window', now: here.now, ...window });
  const differing = (what: Bilingual, planned: string, found: string) =>
    planned === '*' || planned === found ? null : ({ kind: 'software-differs', what, planned, found } as const);
  const differs =
    differing(VERSION, software.version, here.softwareVersion) ??
    differing(POLICY, software.policyDigest, here.policyDigest);
  return differs === null ? ok(undefined) : err(differs);
}

/** A ceremony is resumed with the software and the policy that it was begun with. */
function decideResuming({ result }: Entry, here: Here): Result<void, CeremonyFailure> {
  const { policyDigest, software } = result;
  if (policyDigest !== here.policyDigest)
    return err({ kind: 'software-differs', what: POLICY, planned: `${policyDigest}`, found: here.policyDigest });
  const version = typeof software === 'object' && software && 'version' in software ? software.version : null;
  if (version !== here.softwareVersion)
    return err({ kind: 'software-differs', what: VERSION, planned: `${version}`, found: here.softwareVersion });
  return ok(undefined);
}

export type StepDecision =
  | { readonly kind: 'make' }
  /** It was made just before the ceremony was cut off: the transcript does not know yet. */
  | { readonly kind: 'record'; readonly facts: Facts }
  | { readonly kind: 'skip' };

/** From what the transcript says of a step (null: nothing) and what is there of it (null: nothing). */
export function decideStep(
  artefact: Bilingual,
  recorded: Entry | null,
  found: Facts | null,
): Result<StepDecision, StepFailure> {
  if (recorded === null) return ok(found === null ? { kind: 'make' } : { kind: 'record', facts: found });
  if (found === null)
    return err({ kind: 'artefact-altered', artefact, detail: { fr: "il n'y est plus", en: 'it is gone' } });
  const { outcome: _, ...facts } = recorded.result;
  const differing = Object.keys({ ...facts, ...found }).filter(
    (key) => canonicalJson(facts[key] ?? null) !== canonicalJson(found[key] ?? null),
  );
  if (differing.length === 0) return ok({ kind: 'skip' });
  const members = differing.join(', ');
  return err({ kind: 'artefact-altered', artefact, detail: { fr: `diffère : ${members}`, en: `${members} differ` } });
}

/** The entry that says that a step was done, if one does. */
export function recordOf(entries: readonly Entry[], step: number): Entry | null {
  return entries.find(({ step: of, action }) => of === step && action !== 'refuse' && !isAside(action)) ?? null;
}
