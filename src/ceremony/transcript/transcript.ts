/**
 * The transcript of a ceremony: one canonical JSON object (RFC 8785) per line, each with the
 * SHA-256 of the previous one, so that the last hash identifies the whole. The signatures of the
 * people present prove who wrote it; the chain alone does not.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import { utf8 } from '../../kernel/bytes.js';
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { canonicalJson, type Json, parseJson } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { CeremonyStep } from '../plan/model.js';

/** Events within a step or between two steps, as opposed to the outcome of a step. */
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
 * `refuse`: the people present refused by the word. `stop`: the ceremony stopped for any other
 * reason. Both may be followed by `resume`.
 */
type Action = 'begin' | 'resume' | 'refuse' | 'stop' | 'end' | StepEvent | CeremonyStep['do'];

export function isStop({ action }: Pick<Entry, 'action'>): boolean {
  return action === 'refuse' || action === 'stop';
}

export function isStepEvent(action: Action): action is StepEvent {
  return STEP_EVENTS.some((aside) => aside === action);
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

/** The entry that follows `last`. `null`: the entry is the first one. */
export function entryAfter(last: Entry | null, { at, step, action, result }: EntryDraft): Entry {
  const prev = last?.hash ?? NO_HASH;
  const body = { seq: (last?.seq ?? 0) + 1, at: formatInstant(at), step, action, result, prev };
  return { ...body, hash: sha256Hex(utf8(canonicalJson(body))) };
}

/** The line of an entry with its newline. A line without a newline is incomplete. */
export function entryLine(entry: Entry): string {
  return `${canonicalJson(entry)}\n`;
}

/** The fault of a line; `line` counts from 1. */
export type LineFault = { readonly kind: 'line-altered'; readonly line: number; readonly rule: Bilingual };

/**
 * Parses lines without their newlines. The error names the first line that does not continue the
 * chain.
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
 * Limit of nesting, which is more than our entries need. A hostile entry with more levels could
 * overflow the stack.
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
 * Splits a file into complete lines and `torn`, an incomplete last line that a power cut may
 * leave. Text that is not UTF-8 cannot equal its canonical form, so `readEntries` detects
 * replacement characters.
 */
export function splitLines(text: string): { readonly lines: readonly string[]; readonly torn: string } {
  const parts = text.split('\n');
  const torn = parts.pop() ?? '';
  return { lines: parts, torn };
}
