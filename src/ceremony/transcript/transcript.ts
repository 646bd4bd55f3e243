/**
 * The transcript of a ceremony: one canonical JSON object a line (RFC 8785), each carrying the SHA-256 of the one before,
 * so that whoever knows the last hash knows the whole. A chain alone does not say who wrote it: that takes the signatures
 * of the people present.
 */
import { utf8 } from '../../kernel/bytes.js';
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { canonicalJson, type Json } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Bilingual } from '../bilingual.js';
import type { CeremonyStep } from '../plan/model.js';

/** What happens within a step, or between two: who came, what was shown and read out, what went wrong and was tried again. */
export const ASIDES = [
  'roll-call',
  'open-quorum',
  'settle-quorum',
  'make-key',
  'confirm',
  'operate',
  'try-again',
] as const;
export type Aside = (typeof ASIDES)[number];

export type Action = 'begin' | 'resume' | 'refuse' | 'end' | Aside | CeremonyStep['do'];

export function isAside(action: Action): action is Aside {
  return ASIDES.some((aside) => aside === action);
}

/** What a line records of an outcome or an event. */
export type Facts = { readonly [key: string]: Json };

export type Entry = {
  /** From 1, without gaps. */
  readonly seq: number;
  /** RFC 3339, UTC. */
  readonly at: string;
  /** Number of the step in the plan, from 1; 0 for the ceremony as a whole. */
  readonly step: number;
  readonly action: Action;
  readonly result: Facts;
  /** `hash` of the line before; 64 zeros before the first. */
  readonly prev: string;
  /** SHA-256, hex, of the canonical JSON of this entry without this member. */
  readonly hash: string;
};

export const NO_HASH = '0'.repeat(64);

export type Draft = Pick<Entry, 'step' | 'action' | 'result'> & { readonly at: Instant };

/** The entry after `last`; null for the first. */
export function entryAfter(last: Entry | null, { at, step, action, result }: Draft): Entry {
  const prev = last?.hash ?? NO_HASH;
  const body = { seq: (last?.seq ?? 0) + 1, at: formatInstant(at), step, action, result, prev };
  return { ...body, hash: sha256Hex(utf8(canonicalJson(body))) };
}

/** With its newline: a line without one was cut off. */
export function entryLine(entry: Entry): string {
  return `${canonicalJson(entry)}\n`;
}

/** What is wrong with a line, counted from 1. */
export type LineFault = { readonly kind: 'line-altered'; readonly line: number; readonly rule: Bilingual };

/** Lines without their newlines; names the first that does not follow from the one before. */
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
  entry: { fr: "ce n'est pas une ligne de procès-verbal", en: 'not an entry of a transcript' },
  canonical: { fr: 'pas sous forme canonique', en: 'not in canonical form' },
  sequence: { fr: "son numéro n'est pas le suivant", en: 'out of sequence' },
  chain: { fr: 'ne suit pas la ligne précédente', en: 'does not follow from the line before' },
  hash: { fr: "son empreinte n'est pas celle de son contenu", en: 'its hash is not that of its content' },
  time: { fr: 'antérieure à la ligne précédente', en: 'earlier than the line before' },
} as const satisfies Readonly<Record<string, Bilingual>>;

function readEntry(line: string, last: Entry | null): Result<Entry, Bilingual> {
  const value = parse(line);
  if (!isEntry(value) || !isShallow(value, DEPTH_MAX)) return err(RULES.entry);
  const { hash, ...body } = value;
  // Comparing with the canonical text leaves no octet of the line free: no member too many, no space, no other escape.
  if (canonicalJson(value) !== line) return err(RULES.canonical);
  if (value.seq !== (last?.seq ?? 0) + 1) return err(RULES.sequence);
  if (value.prev !== (last?.hash ?? NO_HASH)) return err(RULES.chain);
  if (sha256Hex(utf8(canonicalJson(body))) !== hash) return err(RULES.hash);
  if (last !== null && value.at < last.at) return err(RULES.time);
  return ok(value);
}

/** Lines of ours have less: one that is deep would take more stack than there is. */
const DEPTH_MAX = 16;

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
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
 * Splits a file into whole lines and the octets of a last line that a power cut left without its end.
 * Text that is not UTF-8 cannot equal its canonical form, so replacing characters are found by `readEntries`.
 */
export function splitLines(text: string): { readonly lines: readonly string[]; readonly torn: string } {
  const parts = text.split('\n');
  const torn = parts.pop() ?? '';
  return { lines: parts, torn };
}
