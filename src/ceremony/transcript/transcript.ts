/**
 * The form of transcripts. A transcript has one canonical JSON object (RFC 8785) per line, each
 * with the SHA-256 of the previous one, so that the last hash identifies the whole. The chain does
 * not prove who wrote the transcript; the signatures do.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import { utf8 } from '../../kernel/bytes.js';
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { canonicalJson, type Json, parseJson } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { CeremonyPlan, CeremonyStep } from '../plan/model.js';
import { planCopyPath } from '../plan/paths.js';

/**
 * The actions of entries about events within a step or between two steps. The other entries record
 * the outcome of a step, or the beginning, end or interruption of the ceremony.
 */
const STEP_EVENTS = [
  'roll-call',
  'open-quorum',
  'settle-quorum',
  'make-key',
  'confirm',
  'operate',
  'try-again',
] as const;
export type StepEvent = (typeof STEP_EVENTS)[number];

/**
 * What an entry is about. `refuse`: the people present typed the word of refusal. `stop`: the
 * ceremony stopped for any other reason. Both may be followed by `resume`. An entry about the
 * outcome of a step has the name of its kind.
 */
type Action = 'begin' | 'resume' | 'refuse' | 'stop' | 'end' | StepEvent | CeremonyStep['do'];

/** Whether the entry says that the ceremony stopped. */
export function isStop({ action }: Pick<Entry, 'action'>): boolean {
  return action === 'refuse' || action === 'stop';
}

export function isStepEvent(action: Action): action is StepEvent {
  return STEP_EVENTS.some((event) => event === action);
}

/** The facts that an entry records. */
export type Facts = { readonly [key: string]: Json };

export type Entry = {
  /** Counts from 1, without gaps. */
  readonly seq: number;
  /** A time in RFC 3339, UTC. */
  readonly at: string;
  /** The number of the step in the plan, from 1. 0 stands for the ceremony as a whole. */
  readonly step: number;
  readonly action: Action;
  readonly result: Facts;
  /** `hash` of the previous entry; 64 zeros in the first. */
  readonly prev: string;
  /** SHA-256, in hexadecimal, of the canonical JSON of this entry without this member. */
  readonly hash: string;
};

export const NO_HASH = '0'.repeat(64);

export type EntryDraft = Pick<Entry, 'step' | 'action' | 'result'> & { readonly at: Instant };

/** Makes the entry that follows `last`. `null`: the entry is the first one. */
export function entryAfter(last: Entry | null, { at, step, action, result }: EntryDraft): Entry {
  const prev = last?.hash ?? NO_HASH;
  const body = { seq: (last?.seq ?? 0) + 1, at: formatInstant(at), step, action, result, prev };
  return { ...body, hash: sha256Hex(utf8(canonicalJson(body))) };
}

/** Returns the line of an entry with its newline. A line without a newline is incomplete. */
export function entryLine(entry: Entry): string {
  return `${canonicalJson(entry)}\n`;
}

/** The fault of a line; `line` counts from 1. */
export type LineFault = { readonly kind: 'line-altered'; readonly line: number; readonly rule: Bilingual };

/**
 * Parses lines without their newlines. The error names the first line that is malformed or does not
 * continue the chain.
 */
export function readEntries(lines: readonly string[]): Result<readonly Entry[], LineFault> {
  const entries: Entry[] = [];
  for (const [at, line] of lines.entries()) {
    const entry = readEntry(line, entries.at(-1) ?? null);
    if (!entry.ok) return err({ kind: 'line-altered', line: at + 1, rule: entry.error });
    entries.push(entry.value);
  }
  return ok(entries);
}

const RULES = {
  entry: { fr: "ce n'est pas une ligne de transcription", en: 'it is not an entry of a transcript' },
  canonical: { fr: "elle n'est pas sous forme canonique", en: 'not in canonical form' },
  sequence: {
    fr: 'son numéro ne suit pas celui de la ligne précédente',
    en: 'its number does not follow that of the previous line',
  },
  chain: { fr: "elle n'est pas chaînée à la ligne précédente", en: 'it is not chained to the previous line' },
  hash: { fr: 'son empreinte diffère de celle de son contenu', en: 'its hash is not that of its content' },
  time: { fr: 'elle est antérieure à la ligne précédente', en: 'earlier than the previous line' },
} as const satisfies Readonly<Record<string, Bilingual>>;

function readEntry(line: string, last: Entry | null): Result<Entry, Bilingual> {
  const value = parseJson(line);
  if (!isEntry(value) || !isShallow(value, DEPTH_MAX)) return err(RULES.entry);
  const { hash, ...body } = value;
  // The line must equal its canonical text, so it has no extra member, space or escape.
  if (canonicalJson(value) !== line) return err(RULES.canonical);
  if (value.seq !== (last?.seq ?? 0) + 1) return err(RULES.sequence);
  if (value.prev !== (last?.hash ?? NO_HASH)) return err(RULES.chain);
  if (sha256Hex(utf8(canonicalJson(body))) !== hash) return err(RULES.hash);
  if (last !== null && value.at < last.at) return err(RULES.time);
  return ok(value);
}

/**
 * Limit of nesting, more than entries need. A hostile entry with thousands of levels could overflow
 * the stack.
 */
const DEPTH_MAX = 16;

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const { seq, at, step, action, result, prev, hash } = value as Partial<Record<keyof Entry, unknown>>;
  return (
    Object.keys(value).length === 7 &&
    Number.isSafeInteger(seq) &&
    Number.isSafeInteger(step) &&
    typeof action === 'string' &&
    typeof result === 'object' &&
    result !== null &&
    [at, prev, hash].every((member) => typeof member === 'string')
  );
}

/**
 * Splits the text of a transcript into complete lines and `torn`, an incomplete last line that a
 * power cut may leave. If the file is not UTF-8, its text has replacement characters; such a line
 * does not have the recorded hash, so `readEntries` refuses it.
 */
export function splitLines(text: string): { readonly lines: readonly string[]; readonly torn: string } {
  const parts = text.split('\n');
  const torn = parts.pop() ?? '';
  return { lines: parts, torn };
}

export type RecordedFile = { readonly path: string; readonly sha256: string };

/** Returns the files that the step made or read, and those from which it made them. */
export function recordedFiles({ result }: Pick<Entry, 'result'>): readonly RecordedFile[] {
  const { artefact, sha256, previous, previousSha256, files } = result;
  const several = typeof files === 'object' && files !== null && !Array.isArray(files) ? Object.entries(files) : [];
  const pairs: readonly (readonly [unknown, unknown])[] = [[artefact, sha256], [previous, previousSha256], ...several];
  return pairs.flatMap(([path, hash]) =>
    typeof path === 'string' && typeof hash === 'string' ? [{ path, sha256: hash }] : [],
  );
}

/**
 * Returns path -> SHA-256 of the copy of the plan and of every file that an entry records, all of
 * which `verify` reads. If a file is recorded twice, the last hash counts.
 */
export function artefactsOf(
  entries: readonly Entry[],
  plan: Pick<CeremonyPlan, 'id' | 'digest'>,
): Record<string, Json> {
  const artefacts: Record<string, Json> = { [planCopyPath(plan)]: plan.digest };
  for (const entry of entries) for (const { path, sha256 } of recordedFiles(entry)) artefacts[path] = sha256;
  return artefacts;
}
