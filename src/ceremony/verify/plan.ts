/**
 * Compares each line of a transcript with the copy of the plan: the people called, the tokens
 * opened, and the result of each step.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import { parseInstant } from '../../kernel/clock.js';
import { canonicalJson, type Json, membersOf } from '../../kernel/json.js';
import type { Person, PlanFile } from '../plan/model.js';
import { missingPeople } from '../plan/presence.js';
import { plannedSharing } from '../quorum/so-pin.js';
import { isCompared } from '../sitting/compare-bundle.js';
import { codeOfHash } from '../sitting/confirm.js';
import { entryFault, expectedOf, kindOfEntry, newKeyOf } from '../steps/all.js';
import type { EarlierLines } from '../steps/kind.js';
import { artefactsOf, type Entry, recordedFiles } from '../transcript/transcript.js';

/**
 * The copy of the plan with its SHA-256, and whether the transcript says that the ceremony was a
 * rehearsal.
 */
type TranscriptPlan = { readonly plan: PlanFile; readonly digest: string; readonly isRehearsal: boolean };

/**
 * What one sitting has recorded so far; it begins with the ceremony or with a resumption. `called`:
 * the people who answered the roll call; null: there was none yet. `open`: the names of the tokens
 * that a quorum has opened.
 */
type Sitting = { called: readonly Person[] | null; readonly open: Set<string> };
/** What the lines so far have recorded. It changes with each line. */
type VerificationState = {
  readonly recorded: TranscriptPlan;
  /** The entries about compared bundles. */
  readonly compared: Entry[];
  /** Name of each token -> its serial number. */
  readonly serials: Map<string, Json>;
  /** Step, token and label of each key of which a line says that the token did not have it yet. */
  readonly newKeys: Set<string>;
  /** Token and label -> SHA-256 of the key, from the first line that made or read it. */
  readonly keys: Map<string, Json>;
  sitting: Sitting;
  /** The number of the step whose line comes next, from 1. */
  next: number;
};

type LineAgainstPlan = { readonly line: number; readonly rule: Bilingual };

/** Returns the first line that does not correspond to the plan. `null`: all lines do. */
export function firstLineAgainstPlan(
  { plan, digest }: { readonly plan: PlanFile; readonly digest: string },
  entries: readonly Entry[],
): LineAgainstPlan | null {
  const isRehearsal = entries[0]?.result.rehearsal === true;
  const state: VerificationState = {
    recorded: { plan, digest, isRehearsal },
    serials: new Map(),
    newKeys: new Set(),
    keys: new Map(),
    compared: [],
    sitting: newSitting(),
    next: 1,
  };
  for (const entry of entries) {
    const rule = lineFault(state, entry);
    if (rule !== null) return { line: entry.seq, rule };
  }
  const last = entries.at(-1);
  const recorded = canonicalJson(last?.result.artefacts ?? null);
  return recorded === canonicalJson(artefactsOf(entries, { id: plan.id, digest }))
    ? null
    : { line: entries.length, rule: RULES.end };
}

function newSitting(): Sitting {
  return { called: null, open: new Set() };
}

const RULES = {
  end: { fr: 'ses fichiers diffèrent de ceux des lignes', en: 'its files differ from those of the lines' },
  window: { fr: 'elle a commencé hors de la fenêtre du plan', en: 'it began outside the window of the plan' },
  notCalled: { fr: 'aucun appel des présents ne précède', en: 'there is no roll call before it' },
  strangers: { fr: 'elle nomme une personne absente du plan', en: 'it names a person who is not in the plan' },
  tooFew: { fr: 'des personnes exigées par le plan sont absentes', en: 'people that the plan requires are missing' },
  step: { fr: "elle n'appartient pas à cette étape", en: 'it does not belong to this step' },
  code: { fr: "ce n'est pas le code de ce qui a été présenté", en: 'it is not the code of what was shown' },
  master: { fr: "le maître de cérémonie ne l'a pas lu", en: 'the master of ceremonies did not read it' },
  closed: {
    fr: "aucune ligne ne consigne que le quorum a ouvert ce jeton depuis l'appel",
    en: 'no line since the roll call records that the quorum opened this token',
  },
  notAtHsm: {
    fr: "le plan n'ouvre pas ce jeton par le quorum d'un HSM",
    en: 'the plan does not open this token by the quorum of an HSM',
  },
  otherHolder: { fr: "ce n'est pas le porteur de cette part", en: 'this is not the holder of that share' },
  oldKey: {
    fr: "aucune ligne antérieure n'indique que le jeton n'avait pas encore cette clé",
    en: 'no line before it says that the token did not have this key yet',
  },
  fewShares: { fr: 'moins de parts que le plan en exige', en: 'fewer shares than the plan requires' },
  serial: { fr: 'un autre jeton du même nom', en: 'another token with the same name' },
} as const satisfies Readonly<Record<string, Bilingual>>;

function lineFault(state: VerificationState, entry: Entry): Bilingual | null {
  const { action, step } = entry;
  if (step < 0 || step > Math.min(state.next, state.recorded.plan.steps.length)) return RULES.step;
  switch (action) {
    case 'begin':
      return beginFault(state.recorded, entry);
    case 'resume':
      state.sitting = newSitting();
      return null;
    case 'refuse':
    case 'stop':
      return null;
    case 'roll-call':
      return rollCallFault(state, entry);
    default:
      return state.sitting.called === null && asksForPeople(state.recorded)
        ? RULES.notCalled
        : afterRollCallFault(state, entry);
  }
}

function asksForPeople({ plan }: TranscriptPlan): boolean {
  return plan.presence.length > 0;
}

function afterRollCallFault(state: VerificationState, entry: Entry): Bilingual | null {
  switch (entry.action) {
    case 'open-quorum':
      return openFault(state, entry);
    case 'confirm':
      return confirmFault(state, entry);
    case 'make-key':
      state.newKeys.add(newKeyName(entry.step, entry.result));
      return null;
    case 'settle-quorum':
    case 'operate':
    case 'try-again':
    case 'end':
      return null;
    default:
      return stepFault(state, entry);
  }
}

/**
 * Compares the first entry with the plan, except for facts that are only known on the day of the
 * ceremony.
 */
function beginFault({ plan, isRehearsal }: TranscriptPlan, { at, result }: Entry): Bilingual | null {
  const { hierarchy, environment, software, window, people, quorum } = plan;
  const sharing = 'shares' in quorum ? { shares: quorum.shares, threshold: quorum.threshold } : {};
  const expected: Readonly<Record<string, Json>> = {
    ceremony: plan.id,
    hierarchy,
    environment,
    quorum: { kind: quorum.kind, ...sharing },
    people: people.map(({ role, name, organisation }) => ({ role, name, organisation })),
    ...(software.policyDigest === '*' ? {} : { policyDigest: software.policyDigest }),
  };
  const fault = memberFault(result, expected);
  if (fault !== null) return fault;
  const ran = membersOf(result.software);
  if (ran.name !== software.name || (software.version !== '*' && ran.version !== software.version))
    return otherMember('software');
  const [from, until] = [window.notBefore, window.notAfter].map(parseInstant);
  const day = parseInstant(at);
  if (day === null || typeof from !== 'number' || typeof until !== 'number') return RULES.window;
  return isRehearsal || (day >= from && day <= until) ? null : RULES.window;
}

function memberFault(result: Entry['result'], expected: Readonly<Record<string, Json>>): Bilingual | null {
  const wrong = Object.entries(expected).find(
    ([name, value]) => canonicalJson(result[name] ?? null) !== canonicalJson(value),
  );
  return wrong === undefined ? null : otherMember(wrong[0]);
}

function otherMember(name: string): Bilingual {
  return { fr: `${name} n'est pas conforme au plan`, en: `${name} differs from the plan` };
}

function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function rollCallFault({ recorded, sitting }: VerificationState, { result }: Entry): Bilingual | null {
  const { people, presence } = recorded.plan;
  const named = new Map(people.map((person) => [nameIn(person), person]));
  const called = asList(result.people).flatMap((person) => named.get(nameIn(membersOf(person))) ?? []);
  if (called.length !== asList(result.people).length) return RULES.strangers;
  if (missingPeople(called, presence).length > 0) return RULES.tooFew;
  sitting.called = called;
  return null;
}

function nameIn({
  role,
  name,
  organisation,
}: { readonly [member in 'role' | 'name' | 'organisation']?: unknown }): string {
  return canonicalJson([role, name, organisation].map((member) => `${member}`));
}

function openFault({ recorded, sitting }: VerificationState, { result }: Entry): Bilingual | null {
  const { token, by, holders, generation } = result;
  sitting.open.add(`${token}`);
  const { plan } = recorded;
  if (by === 'hsm')
    return plan.tokens.some(({ name, pin }) => name === token && pin.kind === 'hsm') ? null : RULES.notAtHsm;
  // null: the plan does not state who has the shares of this generation, so only the lowest
  // threshold is required.
  const planned = plannedSharing(plan, `${token}`, Number(generation));
  const openedShares = asList(holders).map(membersOf);
  const isStrange = openedShares.some(({ number, holder }) => planned?.holders[Number(number) - 1]?.name !== holder);
  if (planned !== null && isStrange) return RULES.otherHolder;
  const numbers = new Set(openedShares.map(({ number }) => canonicalJson(number ?? null)));
  return numbers.size < (planned?.threshold ?? THRESHOLD_MIN) ? RULES.fewShares : null;
}

/** The lowest threshold that a plan may have. */
const THRESHOLD_MIN = 2;

function confirmFault({ sitting, compared }: VerificationState, entry: Entry): Bilingual | null {
  const { result } = entry;
  if (result.bundleSha256 !== undefined) compared.push(entry);
  const { toBeSignedSha256, code, by } = result;
  if (typeof toBeSignedSha256 === 'string' && code !== codeOfHash(toBeSignedSha256)) return RULES.code;
  const master = sitting.called?.find(({ role }) => role === 'master-of-ceremonies');
  return (by ?? null) === (master?.name ?? null) ? null : RULES.master;
}

function stepFault(state: VerificationState, entry: Entry): Bilingual | null {
  const { plan } = state.recorded;
  const step = plan.steps[state.next - 1];
  state.next += 1;
  if (step === undefined) return RULES.step;
  const newKey = newKeyOf(step);
  if (newKey !== null && !state.newKeys.has(newKeyName(entry.step, newKey))) return RULES.oldKey;
  const { members, files } = expectedOf(plan, step);
  const wrong = memberFault(entry.result, members);
  if (wrong !== null) return wrong;
  const recorded = new Set(recordedFiles(entry).map(({ path }) => path));
  const missing = files.find((path) => !recorded.has(path));
  if (missing !== undefined) return notRecorded(missing);
  const lines: EarlierLines = {
    isCompared: (carried) => isCompared(state.compared, carried),
    keyOn: (at) => state.keys.get(keyName(at)) ?? null,
  };
  const fault = entryFault(step, entry, lines);
  const name = keyName(entry.result);
  if (kindOfEntry(entry)?.introducesKey === true && !state.keys.has(name))
    state.keys.set(name, entry.result.publicKeySha256 ?? null);
  return fault ?? tokenFault(state, entry);
}

type KeyOfToken = { readonly [name in 'token' | 'key']?: Json };

function keyName({ token, key }: KeyOfToken): string {
  return canonicalJson([token ?? null, key ?? null]);
}

function newKeyName(step: number, of: KeyOfToken): string {
  return `${step} ${keyName(of)}`;
}

function notRecorded(path: string): Bilingual {
  return {
    fr: `il y manque ${path}, que cette étape du plan produit ou lit`,
    en: `it lacks ${path}, which this step of the plan makes or reads`,
  };
}

/**
 * Checks the token of an entry. It must have the same serial number in all entries, unless the step
 * replaces it. If its PIN is not in a file, its quorum must have opened it in this sitting.
 */
function tokenFault({ recorded, serials, sitting }: VerificationState, entry: Entry): Bilingual | null {
  const { token, serialNumber } = entry.result;
  const kind = kindOfEntry(entry);
  if (typeof token !== 'string') return null;
  if (serialNumber !== undefined) {
    const known = serials.get(token);
    if (known !== undefined && known !== serialNumber && kind?.replacesToken !== true) return RULES.serial;
    serials.set(token, serialNumber);
  }
  const pinKind = recorded.plan.tokens.find(({ name }) => name === token)?.pin.kind;
  if (pinKind === undefined || pinKind === 'file') return null;
  if (kind?.opensToken === true) sitting.open.add(token);
  return sitting.open.has(token) ? null : RULES.closed;
}
